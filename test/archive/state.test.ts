import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readState, rebuildState } from '../../src/archive/read-state.ts';
import { emptyState, parseState, serializeState } from '../../src/archive/state.ts';
import type { State } from '../../src/archive/state.ts';
import { prepare } from '../../src/archive/prepare.ts';
import { nodeDisk } from '../../src/disk.ts';
import { OutputError } from '../../src/errors.ts';
import { openRun, publishRuns, sampleRun } from './sample-run.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('__proto__'), fc.constant('7'));
const anyCount = fc.nat(Number.MAX_SAFE_INTEGER);
const anyState: fc.Arbitrary<State> = fc.record({
  version: fc.constant(1 as const),
  run: anyCount,
  streams: fc.dictionary(
    anyText,
    fc.record({
      endpoint: anyText,
      roomId: anyText,
      roomName: anyText,
      cursor: fc.record({
        watermark: fc.option(fc.record({ tsMs: fc.integer({ min: -8.64e15, max: 8.64e15 }), id: fc.option(anyText) })),
        offset: anyCount,
        takenIds: fc.array(anyText),
      }),
      messages: anyCount,
      complete: fc.boolean(),
      seen: fc.option(anyText),
    }),
    { noNullPrototype: true },
  ),
  longestPage: fc.dictionary(anyText, anyCount, { noNullPrototype: true }),
});

describe('serializeState', () => {
  it('is read back as it was, whatever the names', () => {
    fc.assert(
      fc.property(anyState, (state) => expect(parseState(Buffer.from(serializeState(state)))).toEqual(state)),
      { numRuns: 200 },
    );
  });

  it('gives equal bytes for equal states, whatever the order of their keys', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const reversed = Object.fromEntries(Object.entries(state.streams).reverse());
        expect(serializeState({ ...state, streams: reversed })).toBe(serializeState(state));
      }),
    );
  });

  it('writes the watermark as a time that people read', () => {
    expect(serializeState(sampleRun(1).contents.state)).toContain('"ts": "2024-01-01T00:00:00.000Z"');
  });
});

describe('readState', () => {
  it('is empty where nothing was ever published', async () => {
    await inTemporaryFolder(async (archive) => {
      expect(await readState(nodeDisk, join(archive, 'not-there'))).toEqual(emptyState);
    });
  });

  it('is what the last run left', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      expect(await readState(nodeDisk, archive)).toEqual(sampleRun(2).contents.state);
    });
  });

  it('is what a committed run will leave', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 1);
      await openRun(nodeDisk, archive, sampleRun(2));
      await prepare(nodeDisk, archive, sampleRun(2).contents, { keepRaw: false });
      expect((await readState(nodeDisk, archive)).run).toBe(2);
    });
  });

  it('is rebuilt from the newest manifest when the file is gone', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 3);
      const text = await readFile(join(archive, '_state.json'), 'utf8');
      await rm(join(archive, '_state.json'));
      expect(serializeState(await readState(nodeDisk, archive))).toBe(text);
      expect(serializeState(await rebuildState(nodeDisk, archive))).toBe(text);
    });
  });

  it('is never rebuilt from a manifest that was changed', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 1);
      await rm(join(archive, '_state.json'));
      const path = join(archive, '_manifest/run-000001.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"messages": 3', '"messages": 4'));
      await expect(readState(nodeDisk, archive)).rejects.toThrow(/SHA256SUMS says/);
    });
  });

  it.each([
    ['half a file', (text: string) => text.slice(0, 50), /it is not JSON/],
    ['no file at all', () => '', /it is not JSON/],
    ['another shape', () => '[]', /the whole should be an object, not \[\]/],
    [
      'a wrong field',
      (text: string) => text.replace('"offset": 6', '"offset": "6"'),
      /cursor.offset" should be a whole number/,
    ],
    ['a wrong time', (text: string) => text.replace('T00:00', 'T25:00'), /watermark.ts" should be a time like/],
    [
      'a missing field',
      (text: string) => text.replace('"complete"', '"done"'),
      /complete" should be true or false, not missing/,
    ],
  ])('refuses %s, and says how to rebuild it', async (_name, damage, expected) => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      const path = join(archive, '_state.json');
      await writeFile(path, damage(await readFile(path, 'utf8')));
      const reading = readState(nodeDisk, archive);
      await expect(reading).rejects.toThrow(OutputError);
      await expect(reading).rejects.toThrow(expected);
      await expect(reading).rejects.toMatchObject({
        hint: `Run "rocketchat-export state rebuild ${archive}": it makes the file anew from "_manifest/run-000002.json"`,
      });
      await rm(path);
      expect((await readState(nodeDisk, archive)).run).toBe(2);
    });
  });

  it('asks for a newer program when a newer one wrote the file', async () => {
    await inTemporaryFolder(async (archive) => {
      await writeFile(join(archive, '_state.json'), '{"version": 2}');
      await expect(readState(nodeDisk, archive)).rejects.toMatchObject({
        message: expect.stringContaining('its format version is 2, and this program knows up to 1'),
        hint: expect.stringContaining('update the program'),
      });
    });
  });

  it('refuses a state that is older or newer than the newest manifest', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      await writeFile(join(archive, '_state.json'), serializeState(sampleRun(1).contents.state));
      await expect(readState(nodeDisk, archive)).rejects.toMatchObject({
        hint: expect.stringContaining('state rebuild'),
      });
      await writeFile(join(archive, '_state.json'), serializeState(sampleRun(3).contents.state));
      await expect(readState(nodeDisk, archive)).rejects.toMatchObject({ hint: expect.stringContaining('backup') });
    });
  });

  it('does not take a folder in its place for a state', async () => {
    await inTemporaryFolder(async (archive) => {
      await mkdir(join(archive, '_state.json'));
      await expect(readState(nodeDisk, archive)).rejects.toThrow(OutputError);
    });
  });
});
