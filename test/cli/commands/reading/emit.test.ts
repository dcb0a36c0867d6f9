import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emit as command } from '../../../../src/cli/commands/reading/emit.ts';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { publishRows } from '../../../support/archives/rows-archive.ts';
import { newMessages } from '../../../support/databases/load-contract.ts';
import { expectReplicated, SingerTarget } from '../../../support/databases/singer-target.ts';
import { runHere } from '../../../support/program/fake-process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-emit-'));
  await publishRows(join(folder, 'archive'), newMessages(1, 3), [{ format: 'csv' }]);
});
afterAll(() => rm(folder, { recursive: true }));

const emit = (...args: readonly string[]) =>
  runHere([command.name, 'archive', '--protocol', 'singer', ...args], { cwd: folder });
const linesOf = (stdout: string): readonly string[] => stdout.split('\n').slice(0, -1);

describe('rocketchat-export emit', () => {
  it('writes lines for a target to stdout, no word beside, and what is new since --state', async () => {
    const target = SingerTarget.empty();
    await writeFile(join(folder, 'state.json'), '{}');
    const { code, stdout, stderr } = await emit('--state', 'state.json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    target.store(linesOf(stdout));
    await expectReplicated(join(folder, 'archive'), target, ['messages', 'mentions'], nodeDisk);
    await writeFile(
      join(folder, 'state.json'),
      linesOf(stdout)
        .at(-1)
        ?.match(/"value":(.*)\}$/)?.[1] ?? '',
    );
    target.received = 0;
    target.store(linesOf((await emit('--state', 'state.json')).stdout));
    expect(target.received).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['archive', 'state.json']);
  });

  it('writes the tables that are named', async () => {
    const { stdout } = await emit('--table', 'mentions');
    expect(linesOf(stdout).filter((line) => line.includes('"stream":"messages"'))).toEqual([]);
    expect(linesOf(stdout).filter((line) => line.includes('"type":"RECORD"'))).toHaveLength(3);
  });

  it.each([
    [['--state', 'nowhere.json'], 64, 'Cannot read the state "nowhere.json": there is no such file'],
    [['--table', 'mesages'], 64, 'Did you mean "messages"?'],
  ])('%j ends with %i: %s', async (args, code, message) => {
    const ended = await emit(...args);
    expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
    expect(ended.stderr).toContain(message);
  });

  it('refuses a protocol that it does not know', async () => {
    const { code, stderr } = await runHere(['emit', 'archive', '--protocol', 'kafka'], { cwd: folder });
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringContaining('Unknown --protocol "kafka", expected singer'),
    });
  });

  it('ends in peace when nobody reads stdout any more', async () => {
    const { code, stdout, stderr } = await runHere(['emit', 'archive', '--protocol', 'singer'], {
      cwd: folder,
      isOpen: false,
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
