import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DifferenceError, UsageError } from '../../src/errors.ts';
import { writeReport, type ReportOptions } from '../../src/report/write-report.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { publishFixture, type FixtureRun } from '../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { messageFixture as message } from '../support/transcripts/message-fixture.ts';

/** The page about an archive of these runs. */
function reportOf(
  runs: readonly FixtureRun[],
  options: ReportOptions = {},
  change: (archive: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<string> {
  return inTemporaryFolder(async (folder) => {
    const archive = join(folder, 'archive');
    await publishFixture(nodeDisk, archive, runs);
    await change(archive);
    await writeReport(archive, join(folder, 'report.html'), options);
    return readFile(join(folder, 'report.html'), 'utf8');
  });
}

/** What stands on the page, or in one of its sections, tags taken out. */
function words(page: string, section?: string): string {
  const part =
    section === undefined ? page : (new RegExp(`<section id="${section}">[\\s\\S]*?</section>`).exec(page)?.[0] ?? '');
  return part
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

const ts = (text: string): { readonly ts: Date } => ({ ts: new Date(text) });
const reaction = (emoji: string, count: number) => ({ emoji, count, usernames: [] });
const rows = [
  message('a', { ...ts('2026-03-01T12:00:00Z'), thread_count: 1, reactions: [reaction(':tada:', 3)] }),
  message('b', { ...ts('2026-03-01T12:05:00Z'), username: 'bob', user_id: 'u2', user_name: 'Bob', thread_id: 'a' }),
  message('c', { ...ts('2026-03-02T23:30:00Z'), room_id: 'other', room_title: '<b>Other</b> & co' }),
  message('d', { ...ts('2026-03-02T23:31:00Z'), type: 'uj', is_system: true }),
  message('e', { ...ts('2026-03-04T08:00:00Z') }),
];
const gone = { ...ts('2026-03-04T08:00:00Z'), op: 'delete', run: 2 };
const edited = message('b', { ...rows[1], reactions: [reaction(':tada:', 1), reaction(':own:', 2)], run: 2 });
const runs = (format: 'parquet' | 'jsonl' | 'csv' = 'parquet'): readonly FixtureRun[] => [
  { tables: { messages: { first: rows } }, sinks: [{ format }] },
  { tables: { messages: { revising: [message('e', gone), edited] } }, sinks: [{ format }] },
];

describe('a report', () => {
  it('is the same where a file is damaged whose rows stand in another format, and names it', async () => {
    await inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      const sinks = [{ format: 'parquet' }, { format: 'jsonl' }] as const;
      await publishFixture(nodeDisk, archive, [{ tables: { messages: { first: rows } }, sinks }]);
      const whole = await writeReport(archive, join(folder, 'whole.html'));
      expect(whole.damaged).toEqual([]);
      await writeFile(join(archive, 'messages/run-000001-0001.parquet'), 'damaged');
      const { damaged, ...counts } = await writeReport(archive, join(folder, 'other.html'));
      expect(damaged).toEqual(['messages/run-000001-0001.parquet']);
      expect({ ...counts, damaged: [] }).toEqual(whole);
      expect(await readFile(join(folder, 'other.html'), 'utf8')).toBe(
        await readFile(join(folder, 'whole.html'), 'utf8'),
      );
    });
  });

  it('counts the newest version of each message, and nothing that is deleted or of the system', async () => {
    const page = await reportOf(runs());
    expect(words(page)).toContain('3 messages 2 rooms 2 people who wrote 1 thread 6 reactions');
    expect(words(page)).toContain(
      'Not counted here: 1 system message (somebody joined, a topic was changed), and deleted messages; a transcript shows both.',
    );
    expect(words(page, 'activity')).toContain('The busiest day was 2026-03-01, with 2 messages');
    expect(words(page, 'reactions')).toMatch(/🎉 :tada: 4 .* :own: 2 /u);
    expect(words(page, 'answers')).toContain('half within 5 min');
    expect(words(page, 'runs')).toContain('in 2 links of its chain');
  });

  it('has names as text, whatever they look like', async () => {
    const page = await reportOf(runs());
    expect(page).toContain('&lt;b&gt;Other&lt;/b&gt; &amp; co');
    expect(page).not.toContain('<b>Other');
  });

  it('counts days and hours by the clocks of the zone', async () => {
    const page = await reportOf(runs(), { zone: 'Asia/Tokyo' });
    expect(page).toContain('Sunday 21:00: 2');
    expect(page).toContain('Tuesday 8:00: 1');
    await expect(reportOf(runs(), { zone: 'Mars' })).rejects.toThrow(UsageError);
  });

  it('is the same bytes each time, of every format', async () => {
    const body = (page: string): string => page.replaceAll(/[\d.]+\s(?:k?B|MB)\b|[0-9a-f]{64}|[HV][\d.]+/g, '');
    const first = await reportOf(runs());
    expect(await reportOf(runs())).toBe(first);
    for (const format of ['jsonl', 'csv'] as const)
      expect(words(body(await reportOf(runs(format))))).toBe(words(body(first)));
  });

  it('counts the same after a compaction', async () => {
    const section = (page: string): string => words(page, 'activity') + words(page, 'people') + words(page, 'answers');
    const first = await reportOf(runs('jsonl'));
    expect(section(await reportOf(runs('jsonl'), {}, (archive) => compactHere(archive)))).toBe(section(first));
  });

  it('holds no script, and loads nothing', async () => {
    const page = await reportOf(runs());
    expect(page).toContain("default-src 'none'; style-src 'sha256-");
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\sstyle=|\son\w+=|url\(|@import|src=/);
  });

  it('says of an empty archive that it is empty, and of dropped columns that they are', async () => {
    const empty = await reportOf([{ tables: { messages: {} } }]);
    expect(words(empty)).toContain('0 messages 0 rooms 0 people who wrote');
    expect(words(empty, 'activity')).toContain('The archive holds no messages');
    const without = ['username', 'user_id', 'user_name', 'reactions', 'thread_id', 'thread_count', 'is_system'];
    const dropped = await reportOf([{ tables: { messages: { first: rows } }, without }]);
    expect(words(dropped)).toContain('4 messages 2 rooms 0 people');
    expect(words(dropped, 'people')).toContain('dropped the columns that say who wrote');
    const rooms = await reportOf([{ tables: { rooms: {} } }]);
    expect(words(rooms, 'activity')).toContain('The archive holds no messages');
  });

  it('lists what is too much for a picture in a table, and counts what is too much for that', async () => {
    const many = Array.from({ length: 510 }, (_, at) =>
      message(`m${at}`, { room_id: `r${at}`, room_title: `Room ${at}` }),
    );
    const page = await reportOf([{ tables: { messages: { first: many } }, rowsPerFile: 1000 }]);
    expect(page.split('<bdi>Room ')).toHaveLength(1 + 15 + 500);
    expect(words(page, 'rooms')).toContain('10 more rows not listed here');
  });

  it('refuses a name that is taken or in the archive, and a file that is not what its manifest says', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, runs('jsonl'));
      await writeFile(join(folder, 'taken'), '');
      await expect(writeReport(archive, join(folder, 'taken'))).rejects.toThrow(UsageError);
      await expect(writeReport(archive, join(archive, 'report.html'))).rejects.toThrow('it is in the archive');
      await expect(writeReport(join(folder, 'nowhere'), join(folder, 'out'))).rejects.toThrow(UsageError);
      const [file] = (await nodeDisk.list(join(archive, 'messages'))) ?? [];
      await writeFile(join(archive, 'messages', file ?? ''), 'spoilt');
      await expect(writeReport(archive, join(folder, 'out'))).rejects.toThrow(DifferenceError);
      expect(await nodeDisk.list(folder)).toEqual(['archive', 'taken']);
    }));
});
