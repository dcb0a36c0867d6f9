import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest, ManifestGap } from '../../../../src/archive/manifest/manifest.ts';
import { runReport } from '../../../../src/cli/report/run/run-report.ts';
import { sampleKey } from '../../../support/archives/sample-keys.ts';
import { publishRuns } from '../../../support/archives/sample-run.ts';
import { MemoryDisk } from '../../../support/disk/memory-disk.ts';

function gapIn(name: string, reason = 'not-allowed'): ManifestGap {
  return { endpoint: 'groups.messages', room: { id: name, name, type: 'private' }, reason, message: 'It may not' };
}

describe('the report of a run', () => {
  let manifest: Manifest;
  beforeAll(async () => {
    const disk = new MemoryDisk();
    await publishRuns(disk, '/home/ines/archive', 1);
    manifest = JSON.parse(String(await disk.readFile('/home/ines/archive/_manifest/run-000001.json'))) as Manifest;
  });
  const linesOf = (fields: Partial<Manifest>, archive = '/home/ines/archive'): readonly string[] =>
    runReport({ ...manifest, ...fields }, { archive, cwd: '/home/ines', tookMs: 12_000 })
      .trimEnd()
      .split('\n');

  it('fits a terminal however many tables, gaps and notes there are, and counts what it does not show', () => {
    const files = Array.from({ length: 11 }, (_, at) =>
      ['csv', 'jsonl'].map((format) => ({
        ...{ table: `table_${at}`, format, path: `table_${at}/run-000001-0001.${format}`, rows: 5 },
        ...{ sizeBytes: 1_500, sha256: '0'.repeat(64) },
      })),
    ).flat();
    const notes = Array.from({ length: 30 }, (_, at) => `Note ${at}.`);
    const lines = linesOf({ files, notes, tables: Object.fromEntries(files.map(({ table }) => [table, 5])) });
    expect(lines.length).toBeLessThanOrEqual(25);
    expect(lines).toContain('table_10     5  1.5 kB  1.5 kB');
    const shown = lines.filter((line) => line.startsWith('note: ')).length;
    expect(lines).toContain(`${30 - shown} other notes: the manifest has all`);
  });

  it('breaks lines of a narrow terminal between words, but for what is copied', () => {
    const notes = [`Room ${'long '.repeat(30)}was left out.`];
    const context = { archive: '/home/ines/archive', cwd: '/home/ines', tookMs: 12_000 };
    const wide = runReport({ ...manifest, notes }, context);
    const narrow = runReport({ ...manifest, notes }, { ...context, columns: 60 });
    expect(runReport({ ...manifest, notes }, { ...context, columns: 400 })).toBe(wide);
    const lines = narrow.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([expect.stringMatching(/^SHA-256 of it: [0-9a-f]{64}$/)]);
    expect(narrow.replaceAll(/\s+/g, ' ')).toBe(wide.replaceAll(/\s+/g, ' '));
    expect(lines.filter((line) => line.startsWith('  ')).length).toBeGreaterThan(2);
  });

  it('says of messages that a new table is made of that they were read again, not that they are new', () => {
    const [list] = manifest.lists;
    if (list === undefined) throw new Error('The sample has a list');
    const again = linesOf({ lists: [{ ...list, exported: 5 }], tables: { messages: 0, reactions: 12 } });
    expect(again[0]).toContain('run 1, 5 messages read again in archive');
    expect(again).toContain(`read again in: ${list.room.name} 5`);
    expect(linesOf({ lists: [{ ...list, exported: 5 }], tables: { messages: 5 } })[0]).toContain('5 new messages');
  });

  it('says of each kind of gap once what to do about it', () => {
    const rooms = ['ops', 'dev', 'hr', 'board', 'ops'];
    const lines = linesOf({ gaps: [...rooms.map((room) => gapIn(room)), gapIn('memes', 'moving')] });
    expect(lines[0]).toMatch(/, 6 gaps, 12 s$/);
    const first = lines.findIndex((line) => line.startsWith('gap '));
    expect(lines.slice(first, first + 4)).toEqual([
      'gap (not-allowed) in ops, dev, hr and 1 more: It may not',
      '  Give this login the permission to read the room, or take the room out of the job',
      'gap (moving) in memes: It may not',
      '  The room changed faster than it could be read: run the same command again',
    ]);
  });

  it('has no head of a table for an export without a row', () => {
    const files = [{ table: 'messages', format: 'csv', path: 'messages/run-000001-0001.csv', rows: 0 }].map((file) => ({
      ...{ ...file, sizeBytes: 20, sha256: '0'.repeat(64) },
    }));
    const lines = linesOf({ files, tables: { messages: 0 } });
    expect(lines).toContain('no row: messages');
    expect(lines.filter((line) => line.startsWith('table '))).toEqual([]);
  });

  it('ends with a command that a shell takes as it is, whatever the folder is called', () => {
    expect(linesOf({}).at(-1)).toBe('next: rocketchat-export verify archive');
    expect(linesOf({ run: 2, files: [] }, "/home/ines/Ines' archive").at(-1)).toBe(
      "next: rocketchat-export latest 'Ines'\\'' archive' --output latest.csv",
    );
  });

  it('says that a signed archive is verified with a public key, which would else vouch for nothing', () => {
    const signer = sampleKey(1).signer.says;
    expect(linesOf({ signer }).at(-1)).toBe('next: rocketchat-export verify archive --public-key KEY.pub.pem');
  });
});
