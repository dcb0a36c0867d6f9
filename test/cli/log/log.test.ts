import { describe, expect, it } from '@jest/globals';
import { createLineLog, type LineMode } from '../../../src/cli/log/line-log.ts';
import { createJsonLog } from '../../../src/cli/log/json-log.ts';
import type { Level, Log } from '../../../src/cli/log/log.ts';

const clock = { now: () => Date.UTC(2025, 0, 2, 3, 4, 5, 6), sleep: () => Promise.resolve() };

function lines(level: Level, mode: LineMode, use: (log: Log) => void, columns: number | null = null): string {
  let written = '';
  use(createLineLog({ stderr: { write: (text) => (written += text), columns }, clock }, level, mode));
  return written;
}

function speak(log: Log): void {
  log.detail('a page');
  log.info('begun');
  log.warn('slow', { hint: 'wait' });
  log.error({ message: 'Cannot go on', hint: 'try again' }, { exitCode: 75 }, 'the stack');
}

describe('line log', () => {
  it('gives log lines their time, but errors the words that scripts look for', () => {
    expect(lines('info', 'timed', speak)).toBe(
      [
        '2025-01-02T03:04:05.006Z info    begun',
        '2025-01-02T03:04:05.006Z warning slow',
        '2025-01-02T03:04:05.006Z hint    wait',
        'error: Cannot go on',
        'hint: try again',
        '',
      ].join('\n'),
    );
  });

  it('keeps to warnings and errors when quiet, and adds details and stacks when verbose', () => {
    expect(lines('warn', 'plain', speak)).toBe('warning: slow\nhint: wait\nerror: Cannot go on\nhint: try again\n');
    expect(lines('detail', 'plain', speak)).toBe(
      'a page\nbegun\nwarning: slow\nhint: wait\nerror: Cannot go on\nhint: try again\nthe stack\n',
    );
  });

  it('keeps the status line below the other lines, cut to the terminal, and removes it at the end', () => {
    const erase = '\r\u001b[2K';
    const written = lines(
      'info',
      'live',
      (log) => {
        log.status(() => 'reading a room with a long name');
        log.info('begun');
        log.status(null);
      },
      20,
    );
    const status = `${erase}reading a room wit…`;
    expect(written).toBe(`${status}${erase}begun\n${status}${erase}`);
  });

  it('lets no text of a server move the cursor, and keeps the lines of an error', () => {
    const written = lines('info', 'plain', (log) => {
      log.info('room "\u001b[2J\r"');
      log.error({ message: 'Two problems\n  one \u0007', hint: undefined }, {}, '');
    });
    expect(written).toBe('room "\ufffd[2J\ufffd"\nerror: Two problems\n  one \ufffd\n');
  });

  it('shows no status where nobody watches', () => {
    expect(lines('info', 'timed', (log) => log.status(() => 'reading'))).toBe('');
  });
});

describe('JSON log', () => {
  it('writes one object a line, with the fields', () => {
    let written = '';
    speak(createJsonLog({ stderr: { write: (text) => (written += text), columns: null }, clock }, 'info'));
    expect(
      written
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      { level: 'info', time: '2025-01-02T03:04:05.006Z', msg: 'begun' },
      { level: 'warn', time: '2025-01-02T03:04:05.006Z', hint: 'wait', msg: 'slow' },
      { level: 'error', time: '2025-01-02T03:04:05.006Z', exitCode: 75, hint: 'try again', msg: 'Cannot go on' },
    ]);
  });
});
