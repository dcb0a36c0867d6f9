import { describe, expect, it } from '@jest/globals';
import type { Coverage, MentionLists } from '../../../../src/archive/manifest/coverage.ts';
import type { Manifest } from '../../../../src/archive/manifest/manifest.ts';
import { coverageLines } from '../../../../src/cli/report/run/coverage-lines.ts';

const leftOut = {
  ...{ 'no-entry': 2, 'kind-not-asked': 0, 'not-joined': null, invited: 0, banned: 0, refused: 0, gone: 0 },
};

const coverage = (mentions?: MentionLists): Coverage => ({
  rooms: { seen: 5, read: 3, leftOut, ...(mentions !== undefined && { mentions }) },
  ...{ changed: [], encryptedMessages: 0, filesNotDownloaded: 0 },
});

const roomsLine = (mentions?: MentionLists): string | undefined =>
  coverageLines({ coverage: coverage(mentions), badFields: {} })[0]?.split(';')[0];

describe('the line of rooms', () => {
  it('does not call a room read of which the job reads the mentions of the login only', () => {
    expect(roomsLine({ rooms: 3, isAll: true })).toBe('rooms: 5 seen, of 3 only the mentions of the login read');
  });

  it('tells rooms of the login, which are the same for every job, from others that are known', () => {
    const { rooms, ...others } = coverage();
    const line = (joined: number): string | undefined =>
      coverageLines({ coverage: { rooms: { ...rooms, joined }, ...others }, badFields: {} })[0]?.split(';')[0];
    expect([line(5), line(4), line(3)]).toEqual([
      'rooms: 5 of this login seen, 3 read',
      'rooms: 4 of this login and 1 other seen, 3 read',
      'rooms: 3 of this login and 2 others seen, 3 read',
    ]);
  });

  it('counts lists of mentions beside rooms that are read', () => {
    expect(roomsLine({ rooms: 5, isAll: false })).toBe('rooms: 5 seen, 3 read, and of 5 the mentions of the login');
  });

  it('does not call a room read of which nothing could be read', () => {
    const { rooms, ...others } = coverage();
    const [line] = coverageLines({ coverage: { rooms: { ...rooms, read: 2, failed: 1 }, ...others }, badFields: {} });
    expect(line).toContain('rooms: 5 seen, 2 read, 1 failed; left out: ');
  });

  it('is silent on mentions where no list of them is read', () => {
    expect(roomsLine()).toBe('rooms: 5 seen, 3 read');
  });
});

describe('the line of values of a wrong type', () => {
  const line = (fields: Pick<Manifest, 'badFields' | 'badColumns'>): string | undefined =>
    coverageLines({ coverage: coverage(), ...fields })[1]?.split('files not downloaded, ')[1];

  it('names table and column, and the field in runs of older programs', () => {
    expect(line({ badFields: {} })).toBe('0 values of a wrong type made null');
    expect(line({ badFields: { tcount: 2 } })).toBe('2 values of a wrong type made null (tcount 2)');
    const badColumns = { messages: { thread_count: 2 }, links: { thread_id: 1 } };
    expect(line({ badFields: { tcount: 2, tmid: 1 }, badColumns })).toBe(
      '3 values of a wrong type made null (messages.thread_count 2, links.thread_id 1)',
    );
  });
});

describe('the line of earlier runs', () => {
  const line = (fields: Partial<Coverage>): string | undefined =>
    coverageLines({ coverage: { ...coverage(), ...fields }, badFields: {} }).find((one) =>
      one.startsWith('earlier runs'),
    );

  it('does not say that all is in every table while their files are missing', () => {
    expect(line({ incomplete: [] })).toBe('earlier runs: all is in every table, format and column');
    const first = [{ path: 'messages/run-000001-0001.csv', problem: 'missing' as const }];
    expect(line({ incomplete: [], misplacedFiles: { count: 1, first } })).toBe(
      'earlier runs: 1 file missing (verify names it: restore, or read every room again by state forget)',
    );
    expect(line({ misplacedFiles: { count: 2, first: [...first, { path: 'x', problem: 'size' }] } })).toBe(
      'earlier runs: 2 files missing or not as written (verify names them: restore, or read every room again by state forget)',
    );
  });
});
