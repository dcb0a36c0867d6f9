import { spawn } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { processStartId } from '../../../src/system/process-start-id.ts';
import { reportError } from '../../../src/cli/log/report-error.ts';
import { hidingLog } from '../../../src/cli/log/hiding-log.ts';
import { Secrets } from '../../../src/cli/log/secrets.ts';
import type { Log } from '../../../src/cli/log/log.ts';
import { AccessError } from '../../../src/errors.ts';

function report(error: unknown, secrets = new Secrets({})) {
  const told: unknown[] = [];
  const log: Log = {
    isLive: false,
    detail: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (...all) => told.push(...all),
    status: () => undefined,
  };
  return { code: reportError(error, hidingLog(log, secrets)), told: JSON.stringify(told) };
}

describe('reporting an error', () => {
  it('takes the exit code from the error, and calls the rest a bug', () => {
    expect(report(new AccessError('No')).code).toBe(77);
    const { code, told } = report(new TypeError('x is not a function'));
    expect(code).toBe(70);
    expect(told).toContain('This is a bug in rocketchat-export');
    expect(told).toContain('TypeError: x is not a function');
    expect(report('thrown text').told).toContain('thrown text');
  });

  it('keeps secrets out of messages, hints, stacks and causes that nobody foresaw', () => {
    const secrets = new Secrets({ ROCKETCHAT_AUTH_TOKEN: 'tokentoken', ROCKETCHAT_PASSWORD: 'tokentoken-and-more' });
    secrets.add('from-a-file');
    const cause = new Error('cause with tokentoken-and-more');
    const error = new AccessError('with tokentoken', { hint: 'with from-a-file', cause });
    const { told } = report(error, secrets);
    expect(told).toContain('[secret]');
    expect(told).not.toMatch(/tokentoken|from-a-file|and-more/);
    expect(report(new Error('tokentoken'), secrets).told).not.toContain('tokentoken');
  });
});

describe('the start id of a process', () => {
  it('stays the same while it runs, differs from another process, and is none for one that is gone', async () => {
    const own = processStartId(process.pid);
    expect(processStartId(process.pid)).toBe(own);
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' });
    await new Promise((resolve) => child.once('spawn', resolve));
    const other = processStartId(child.pid ?? 0);
    if (process.platform === 'linux') {
      expect(own).toMatch(/^[0-9a-f-]{36}\/\d+$/);
      expect(other).toMatch(/^[0-9a-f-]{36}\/\d+$/);
    }
    child.stdin.end();
    await new Promise((resolve) => child.once('close', resolve));
    expect(processStartId(child.pid ?? 0)).toBeNull();
  });
});
