import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../../src/cli/log/create-log.ts';
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
    const status = `${erase}reading a room w…`;
    expect(written).toBe(`${status}${erase}begun\n${status}${erase}`);
  });

  it('breaks no word of a line in a narrow terminal, and nothing that is quoted and fits', () => {
    const say = (log: Log): void => {
      log.warn(
        'ops-oncall was read in part: run `rocketchat-export run jobs/a.yaml` again, or see /srv/archive/output/x',
      );
      log.error({ message: 'No', hint: undefined }, { exitCode: 70 }, '');
    };
    expect(lines('info', 'plain', say, 40).split('\n')).toEqual([
      'warning: ops-oncall was read in part:',
      '  run',
      '  `rocketchat-export run jobs/a.yaml`',
      '  again, or see /srv/archive/output/x',
      'error: No',
      '',
    ]);
    // What is too long for a line is broken at its spaces only, and a long word by the terminal itself.
    expect(lines('info', 'plain', (log) => log.info('see /srv/archive/output/x now'), 12)).toBe(
      'see\n  /srv/archive/output/x\n  now\n',
    );
    expect(lines('info', 'timed', say, 40).split('\n')).toHaveLength(3);
    expect(lines('info', 'plain', (log) => log.info('    at somewhere far away'), 12)).toBe(
      '    at somewhere far away\n',
    );
  });

  it('erases every row that a terminal made of the status line when it was narrowed', () => {
    let written = '';
    const stderr = { write: (text: string) => (written += text), columns: 40 };
    const log = createLineLog({ stderr, clock }, 'info', 'live');
    log.status(() => 'ops 875/2,500, total 3,346/5,015');
    stderr.columns = 15;
    written = '';
    log.status(null);
    // 32 columns of text in rows of 15: the cursor stands in the third.
    expect(written).toBe('\u001b[2A\r\u001b[J');
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

describe('the log', () => {
  const terminal = { write: () => undefined, columns: 80 };
  const quietly = { quiet: false, verbose: false };
  const isLive = async (env: Record<string, string>): Promise<boolean> =>
    (await createLog(quietly, { stderr: terminal, clock, env })).isLive;

  it('shows a status line where somebody watches a terminal that can erase it', async () => {
    expect(await isLive({})).toBe(true);
    expect(await isLive({ CI: 'false', TERM: 'xterm-256color', NO_COLOR: '1' })).toBe(true);
    expect(await isLive({ TERM: 'dumb' })).toBe(false);
    expect(await isLive({ CI: 'true' })).toBe(false);
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
