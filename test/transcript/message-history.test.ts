import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { historyReport } from '../../src/cli/result/history-report.ts';
import type { Row } from '../../src/model/column.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { messageHistory, type MessageHistory } from '../../src/transcript/message-history.ts';
import { inTemporaryFolder, temporaryFolder } from '../support/disk/temporary-folder.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { hostileRuns } from '../support/transcripts/hostile-runs.ts';
import { messageFixture } from '../support/transcripts/message-fixture.ts';

const hostile = temporaryFolder();
beforeAll(() => publishFixture(nodeDisk, hostile('archive'), hostileRuns()));

const historyOf = (id: string): Promise<MessageHistory | undefined> => messageHistory(hostile('archive'), id);

describe('the history of a message', () => {
  it('is every text that is known, oldest first, with where it is known from', async () => {
    const history = await historyOf('message31');
    expect(history).toMatchObject({ messageId: 'message31', number: 21, author: 'anna', deletion: null });
    expect(history?.versions.map(({ text, from, run }) => [text.slice(0, 14), from, run])).toEqual([
      ['We meet at two', 'server', 1],
      ['We meet at thr', 'run', 1],
      ['We meet at fou', 'run', 2],
    ]);
  });

  it('knows no edit where CSV for spreadsheets has the text of one run, and a whole format that of another', async () => {
    await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      const sinks = [{ format: 'csv', excelSafe: true }] as const;
      const message = (msg: string, run: number, fields: Row = {}) =>
        messageFixture('message1', { msg, run, ...fields });
      const edited = { edited_at: new Date('2026-03-02T12:00:00Z'), edited_by_username: 'anna' };
      await publishFixture(nodeDisk, archive, [
        { tables: { messages: { first: [message('@bea tabs', 1)] } }, sinks },
        { tables: { messages: { revising: [message('@bea tabs', 2)] } } },
        { tables: { messages: { revising: [message('@bea tabs', 3)] } }, sinks },
        // By a person.
        { tables: { messages: { revising: [message("'@bea tabs", 4, edited)] } } },
      ]);
      expect((await messageHistory(archive, 'message1'))?.versions).toEqual([
        { text: '@bea tabs', sinceMs: Date.parse('2026-03-01T12:00:00Z'), by: 'anna', from: 'run', run: 1 },
        { text: "'@bea tabs", sinceMs: edited.edited_at.getTime(), by: 'anna', from: 'run', run: 4 },
      ]);
    });
  });

  it('says that it is gone, and is nothing of a message that nobody has', async () => {
    expect((await historyOf('message32'))?.deletion).toEqual({
      atMs: Date.parse('2026-03-03T16:33:20Z'),
      by: null,
      run: 2,
    });
    expect(await historyOf('nobody')).toBeUndefined();
  });

  it('stands side by side in a terminal, without signs that move its cursor', () => {
    const version = { sinceMs: 0, by: 'anna', from: 'run', run: 1 } as const;
    const report = historyReport(
      {
        ...{
          messageId: 'a',
          number: 7,
          roomId: 'r',
          roomTitle: 'Ops',
          sentAt: '2026-03-01T00:00:00.000Z',
          author: 'anna',
        },
        versions: [
          { ...version, text: 'at two\u001b[2J' },
          { ...version, text: 'at three' },
        ],
        deletion: { atMs: null, by: null, run: 3 },
      },
      59,
    );
    expect(report).toContain('a (RC-00000007) in "Ops" (r)\n');
    expect(report).toMatch(/^at two\ufffd\[2J +\| at three$/m);
    expect(report).toContain('deleted at a time that is not known');
    expect(report).not.toContain('\u001b');
  });
});
