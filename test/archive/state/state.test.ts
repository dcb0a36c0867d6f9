import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readStoredState, rebuildState } from '../../../src/archive/stored-state/read-stored-state.ts';
import type { UserState } from '../../../src/model/people/people-state.ts';
import { resetRooms, stateChange } from '../../../src/archive/state/state-change.ts';
import { replay } from '../../../src/archive/state/state-replay.ts';
import { parseState, parseStateParts, serializeState } from '../../../src/archive/state/state-schema.ts';
import {
  emptyState,
  type ChangesState,
  type KnownHole,
  type ListState,
  type State,
} from '../../../src/archive/state/state.ts';
import { prepare } from '../../../src/archive/publish/prepare.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';
import { runPlan, publishRuns, sampleRun } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { unicodeText } from '../../support/data/unicode-text.ts';

const anyText = fc.oneof(
  fc.string(),
  unicodeText(),
  fc.constantFrom('7', '__proto__', '~__proto__', '~~__proto__', 'constructor'),
);
const anyCount = fc.nat(Number.MAX_SAFE_INTEGER);
const anyTimeMs = fc.integer({ min: -8.64e15, max: 8.64e15 });
const anyPlace = fc.record(
  {
    tsMs: anyTimeMs,
    id: fc.option(anyText),
    undated: fc.record({ type: fc.constantFrom('text', 'null'), value: fc.option(anyText) } as const),
  },
  { requiredKeys: ['tsMs', 'id'] },
);
const anyHole: fc.Arbitrary<KnownHole> = fc.record({
  reason: anyText,
  message: anyText,
  offset: anyCount,
  rows: anyCount,
  after: fc.option(anyPlace),
  before: fc.option(anyPlace),
  id: fc.option(anyText),
  firstRun: anyCount,
});
const anyList: fc.Arbitrary<ListState> = fc.record({
  endpoint: anyText,
  roomId: anyText,
  roomName: anyText,
  roomType: anyText,
  formerNames: fc.array(anyText),
  cursor: fc.record({
    watermark: fc.option(fc.record({ tsMs: anyTimeMs, id: fc.option(anyText) })),
    offset: anyCount,
    deliveredIds: fc.array(anyText),
  }),
  messages: anyCount,
  complete: fc.boolean(),
  seen: fc.option(anyText),
  gone: fc.boolean(),
  holes: fc.array(anyHole),
});
const dictionary = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(anyText, value, { noNullPrototype: true });
const anyChanges: fc.Arbitrary<ChangesState> = fc.record({
  roomName: anyText,
  sinceMs: anyTimeMs,
  known: dictionary(fc.array(anyText)),
  knownSinceMs: anyTimeMs,
  rows: anyCount,
  complete: fc.boolean(),
  seen: fc.option(anyText),
});
/** Parts that are absent where they have no entries. */
const part = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(anyText, value, { noNullPrototype: true, minKeys: 1 });
const anyUser: fc.Arbitrary<UserState> = fc.record(
  {
    source: fc.constantFrom('list', 'members', 'message'),
    digest: fc.option(anyText),
    gone: fc.constant(true),
    metMs: anyTimeMs,
    utcOffsetMinutes: fc.integer(),
    lookedUp: fc.constant(true),
  },
  { requiredKeys: ['source', 'digest'] },
);
const anyState: fc.Arbitrary<State> = fc.record(
  {
    version: fc.constant(2 as const),
    run: anyCount,
    longestPage: anyCount,
    lists: dictionary(anyList),
    changes: dictionary(anyChanges),
    rooms: dictionary(anyText),
    users: part(anyUser),
    memberLists: part(fc.record({ run: anyCount, seen: fc.option(anyText) })),
    memberships: part(fc.record({ firstRun: anyCount, digest: fc.option(anyText) })),
  },
  { requiredKeys: ['version', 'run', 'longestPage', 'lists', 'changes', 'rooms'] },
);

describe('serializeState', () => {
  it('is read back as it was, whatever the names', () => {
    fc.assert(
      fc.property(anyState, ({ run, ...state }) =>
        expect(parseState(Buffer.from(serializeState({ ...state, run })))).toEqual({ state, run: null }),
      ),
      { numRuns: quickOrLong(6, 500) },
    );
  });

  it('is read back piece by piece as it is as a whole', async () => {
    await fc.assert(
      fc.asyncProperty(anyState, async ({ run, ...state }) => {
        const bytes = Buffer.from(serializeState({ ...state, run }));
        async function* pieces(): AsyncGenerator<Uint8Array> {
          for (let at = 0; at < bytes.length; at += 50) yield await Promise.resolve(bytes.subarray(at, at + 50));
        }
        expect(await parseStateParts(pieces())).toEqual({ state, run: null });
      }),
      { numRuns: quickOrLong(6, 500) },
    );
  });

  it('gives equal bytes for equal states, whatever the order of their keys', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const reversed = Object.fromEntries(Object.entries(state.lists).reverse());
        expect(serializeState({ ...state, lists: reversed })).toBe(serializeState(state));
      }),
      { numRuns: quickOrLong(20, 500) },
    );
  });

  it('has a line for each list, and none of them is indented further', () => {
    expect(serializeState(sampleRun(1).contents.state)).toMatch(/^ {4}"groups.messages id-ops": \{.*\}$/m);
  });
});

describe('stateChange', () => {
  it('makes the one state of the other, through what a manifest keeps of it', () => {
    fc.assert(
      fc.property(anyState, anyState, fc.boolean(), (before, other, isFirst) => {
        const after = { ...other, lists: { ...before.lists, ...other.lists } };
        for (const next of [after, other]) {
          const change = stateChange(isFirst ? null : before, next);
          expect(serializeState(replay(before, next.run, change))).toBe(serializeState(next));
        }
      }),
      { numRuns: quickOrLong(20, 500) },
    );
  });

  it('says nothing of what did not change', () => {
    const { state } = sampleRun(1).contents;
    expect(stateChange(state, { ...structuredClone(state), run: 2 })).toMatchObject({ lists: {}, changes: {} });
  });

  it('resets rooms by a word, however many they are', () => {
    const { state } = sampleRun(1).contents;
    const after = replay(state, 2, { ...stateChange(state, state), reset: 'all' });
    expect(after).toEqual({ ...resetRooms(state, ['id-ops']), run: 2 });
    expect(after.lists['groups.messages id-ops']).toMatchObject({ cursor: { watermark: null }, messages: 3 });
  });
});

describe('resetRooms', () => {
  const state: State = {
    ...emptyState,
    users: { ana: { source: 'list', digest: 'd1', utcOffsetMinutes: 60 } },
    memberLists: { ops: { run: 1, seen: 's1' }, hr: { run: 1, seen: 's2' } },
    memberships: { 'ops ana': { firstRun: 1, digest: 'd2' }, 'hr ana': { firstRun: 1, digest: 'd3' } },
  };

  it('has members of those rooms read and written again, and keeps since when they were there', () => {
    expect(resetRooms(state, ['ops'])).toEqual({
      ...state,
      memberLists: { ops: { run: 1, seen: null }, hr: { run: 1, seen: 's2' } },
      memberships: { 'ops ana': { firstRun: 1, digest: null }, 'hr ana': { firstRun: 1, digest: 'd3' } },
    });
  });

  it('has users written again with all rooms only', () => {
    const { users, memberships } = resetRooms(state, 'all');
    expect(users).toEqual({ ana: { source: 'list', digest: null, utcOffsetMinutes: 60 } });
    expect(memberships?.['hr ana']).toEqual({ firstRun: 1, digest: null });
  });

  it('makes no parts of people in an archive that has none', () => {
    expect(resetRooms(emptyState, 'all')).toEqual(emptyState);
  });
});

describe('readState', () => {
  it('is empty where nothing was ever published', async () => {
    await inTemporaryFolder(async (archive) => {
      expect(await readStoredState(nodeDisk, join(archive, 'not-there'))).toEqual(emptyState);
    });
  });

  it('is what the last run left', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      expect(await readStoredState(nodeDisk, archive)).toEqual(sampleRun(2).contents.state);
    });
  });

  it('is what a committed run will leave', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 1);
      await runPlan(nodeDisk, archive, sampleRun(2));
      await prepare(nodeDisk, archive, sampleRun(2).contents, { keepRaw: false });
      expect((await readStoredState(nodeDisk, archive)).run).toBe(2);
    });
  });

  it('is rebuilt from the newest manifest when the file is gone', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      const text = await readFile(join(archive, '_state.json'), 'utf8');
      await rm(join(archive, '_state.json'));
      expect(serializeState(await readStoredState(nodeDisk, archive))).toBe(text);
      expect(serializeState(await rebuildState(nodeDisk, archive))).toBe(text);
    });
  });

  it('is never rebuilt from a manifest that was changed', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 1);
      await rm(join(archive, '_state.json'));
      const path = join(archive, '_manifest/run-000001.json');
      await writeFile(
        path,
        (await readFile(path, 'utf8'))
          .replace('"messages": 3', '"messages": 4')
          .replace('"messages":3', '"messages":4'),
      );
      await expect(readStoredState(nodeDisk, archive)).rejects.toThrow(/SHA256SUMS says/);
    });
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, 50), /it is not JSON/],
    ['no file at all', () => '', /it is not JSON/],
    ['another shape', () => '[]', /it should be an object/],
    [
      'a wrong field',
      (text: string) => text.replace('"offset":6', '"offset":"6"'),
      /"lists.groups.messages id-ops.cursor.offset" is "6": .*expected/,
    ],
    [
      'a missing field',
      (text: string) => text.replace('"complete"', '"done"'),
      /complete" is missing: .*expected boolean/,
    ],
  ])('refuses %s, and says how to rebuild it', async (_name, damage, expected) => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      const path = join(archive, '_state.json');
      await writeFile(path, damage(await readFile(path, 'utf8')));
      const reading = readStoredState(nodeDisk, archive);
      await expect(reading).rejects.toThrow(OutputError);
      await expect(reading).rejects.toThrow(expected);
      await expect(reading).rejects.toMatchObject({
        hint: `Run "rocketchat-export state rebuild ${archive}": it makes the file again from the manifests`,
      });
      await rm(path);
      expect((await readStoredState(nodeDisk, archive)).run).toBe(2);
    });
  });

  it('asks for a newer program when a newer one wrote the file', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 1);
      await writeFile(join(archive, '_state.json'), '{"version": 3}');
      await expect(readStoredState(nodeDisk, archive)).rejects.toMatchObject({
        message: expect.stringContaining('its format version is 3, and this program knows up to 2'),
        hint: expect.stringContaining('update the program'),
      });
    });
  });

  it('refuses a state that is not that of the newest manifest, and a chain whose newest manifest is gone', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      await writeFile(join(archive, '_state.json'), serializeState(sampleRun(1).contents.state));
      await expect(readStoredState(nodeDisk, archive)).rejects.toMatchObject({
        hint: expect.stringContaining('state rebuild'),
      });
      await writeFile(join(archive, '_state.json'), serializeState(sampleRun(2).contents.state));
      await rm(join(archive, '_manifest/run-000002.json'));
      await expect(readStoredState(nodeDisk, archive)).rejects.toMatchObject({
        hint: expect.stringContaining('backup'),
      });
    });
  });

  it('does not take a folder in its place for a state', async () => {
    await inTemporaryFolder(async (archive) => {
      await mkdir(join(archive, '_state.json'));
      await expect(readStoredState(nodeDisk, archive)).rejects.toThrow(OutputError);
    });
  });
});
