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
  coverageLines({ coverage: coverage(mentions), badFields: {}, run: 2 })[0]?.split(';')[0];

describe('the line of rooms', () => {
  it('does not call a room read of which the job reads the mentions of the login only', () => {
    expect(roomsLine({ rooms: 3, isAll: true })).toBe(
      'rooms: 5 seen, of 3 only the mentions of the login in the archive',
    );
  });

  it('tells rooms of the login, which are the same for every job, from others that are known', () => {
    const { rooms, ...others } = coverage();
    const line = (joined: number): string | undefined =>
      coverageLines({ coverage: { rooms: { ...rooms, joined }, ...others }, badFields: {}, run: 2 })[0]?.split(';')[0];
    expect([line(5), line(4), line(3)]).toEqual([
      'rooms: 5 of this login seen, 3 in the archive',
      'rooms: 4 of this login and 1 other seen, 3 in the archive',
      'rooms: 3 of this login and 2 others seen, 3 in the archive',
    ]);
  });

  it('counts lists of mentions beside rooms that are read', () => {
    expect(roomsLine({ rooms: 5, isAll: false })).toBe(
      'rooms: 5 seen, 3 in the archive, and of 5 the mentions of the login',
    );
  });

  it('does not call a room read of which nothing could be read', () => {
    const { rooms, ...others } = coverage();
    const [line] = coverageLines({
      coverage: { rooms: { ...rooms, read: 2, failed: 1 }, ...others },
      badFields: {},
      run: 2,
    });
    expect(line).toContain('rooms: 5 seen, 2 in the archive, 1 failed; left out: ');
  });

  it('says in words why rooms are left out, and of which nobody has counted how many', () => {
    const [line] = coverageLines({ coverage: coverage(), badFields: {}, run: 1 });
    expect(line?.split('; ')[1]).toBe(
      'left out: 2 that no entry names, 0 of a kind not asked for, not joined: not counted, 0 only invited to, 0 banned from, 0 refused, 0 gone',
    );
  });

  it('is silent on mentions where no list of them is read', () => {
    expect(roomsLine()).toBe('rooms: 5 seen, 3 in the archive');
  });
});

describe('the line of values of a wrong type', () => {
  const line = (fields: Pick<Manifest, 'badFields' | 'badColumns'>): string | undefined =>
    coverageLines({ coverage: coverage(), run: 2, ...fields })[1]?.split('files not downloaded, ')[1];

  it('names table and column, and the field in runs of older programs', () => {
    expect(line({ badFields: {} })).toBe('0 values of a wrong type, null in the tables');
    expect(line({ badFields: { tcount: 2 } })).toBe('2 values of a wrong type, null in the tables (tcount 2)');
    const badColumns = { messages: { thread_count: 2 }, links: { thread_id: 1 } };
    expect(line({ badFields: { tcount: 2, tmid: 1 }, badColumns })).toBe(
      '3 values of a wrong type, null in the tables (messages.thread_count 2, links.thread_id 1)',
    );
  });
});

describe('the line of lists', () => {
  it('does not say of a history that it lacks none', () => {
    const line = (types: readonly string[] | null) =>
      coverageLines({ coverage: { ...coverage(), hiddenTypes: { lists: 1, types } }, badFields: {}, run: 1 }).at(-1);
    const lists = 'lists: 0 with messages outside the period, 1 read by history';
    const which = `${lists}, which lacks`;
    expect(line([])).toBe(`${lists}, and the workspace hides no type of message`);
    expect(line(['uj', 'ul'])).toBe(`${which} the types that the workspace hides: uj, ul`);
    expect(line(null)).toBe(`${which} the types that the workspace hides: nobody knows which`);
  });
});

describe('the line of earlier runs', () => {
  it('is none in the report of the first run, before which there was none', () => {
    const first = coverageLines({ coverage: { ...coverage(), incomplete: [] }, badFields: {}, run: 1 });
    expect(first.filter((one) => one.startsWith('earlier runs'))).toEqual([]);
  });

  const line = (fields: Partial<Coverage>): string | undefined =>
    coverageLines({ coverage: { ...coverage(), ...fields }, badFields: {}, run: 2 }).find((one) =>
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
