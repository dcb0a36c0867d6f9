import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ManifestRoom } from '../../../src/archive/manifest/room/manifest-room.ts';
import type { Manifest, ManifestGap } from '../../../src/archive/manifest/manifest.ts';
import { failedResult, mostNamed, publishedResult } from '../../../src/cli/result/run-result.ts';
import { runResultSchema } from '../../../src/cli/result/run-result-schema.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const job = { name: 'nightly', output: '/archive' };
const roomOf = (at: number): ManifestRoom => ({ id: `r${at}`, name: `room-${at}`, type: 'private' });

const nothingLeftOut = {
  ...{ 'no-entry': 0, 'kind-not-asked': 0, 'not-joined': 0, invited: 0, banned: 0, refused: 0, gone: 0 },
};

describe('the result of a run', () => {
  let manifest: Manifest;
  beforeAll(async () => {
    const disk = new MemoryDisk();
    await publishRuns(disk, '/archive', 3);
    const bytes = await disk.readFile('/archive/_manifest/run-000003.json');
    manifest = JSON.parse(String(bytes)) as Manifest;
  });
  const resultOf = (fields: Partial<Manifest>) =>
    runResultSchema.parse(publishedResult(job, { manifest: { ...manifest, ...fields }, exitCode: 1, tookMs: 12 }));

  it('names at most 20 rooms a reason and 20 gaps, and counts all of them', () => {
    const changed = Array.from({ length: 400 }, (_, at) => ({
      room: roomOf(at),
      before: at < 30 ? ('invited' as const) : null,
      now: at < 30 ? null : ('refused' as const),
    }));
    const rooms = {
      ...{ seen: 400, read: 30 },
      leftOut: { ...nothingLeftOut, 'not-joined': null, refused: 370 },
    };
    const gap: ManifestGap = { endpoint: 'groups.messages', room: roomOf(1), reason: 'not-allowed', message: 'No' };
    const result = resultOf({
      gaps: Array.from({ length: 370 }, () => gap),
      coverage: { rooms, changed, encryptedMessages: 0, filesNotDownloaded: 7 },
    });
    expect(result.coverage?.changed.read).toEqual({
      count: 30,
      rooms: changed.slice(0, mostNamed).map(({ room }) => room),
    });
    expect(result.coverage?.changed.refused?.count).toBe(370);
    expect(result.coverage?.changed.refused?.rooms).toHaveLength(20);
    expect(result.gaps.count).toBe(370);
    expect(result.gaps.first).toHaveLength(20);
    expect(JSON.stringify(result).length).toBeLessThan(10_000);
  });

  it('has values of a wrong type by field, and none where there were none', () => {
    const coverage = {
      ...{ rooms: { seen: 0, read: 0, leftOut: { ...nothingLeftOut } }, changed: [] },
      ...{ encryptedMessages: 0, filesNotDownloaded: 0 },
    };
    expect(resultOf({ coverage, badFields: { tcount: 2 } }).coverage?.badFields).toEqual({ tcount: 2 });
    expect(resultOf({ coverage, badFields: {} }).coverage?.badFields).toEqual({});
    expect(resultOf({ coverage, badFields: {} }).coverage).not.toHaveProperty('badColumns');
    const badColumns = { messages: { thread_count: 2 } };
    expect(resultOf({ coverage, badFields: { tcount: 2 }, badColumns }).coverage?.badColumns).toEqual(badColumns);
  });

  it('gives notes with the shortest first', () => {
    expect(resultOf({ notes: ['a long note', 'short', 'another'] }).notes).toEqual(['short', 'another', 'a long note']);
  });

  it('of a run that failed says what to do, and has no number of a run', () => {
    const failure = { kind: 'unreachable', exitCode: 69 as const, message: 'Cannot reach it', hint: undefined };
    expect(runResultSchema.parse(failedResult(job, failure, 5))).toMatchObject({
      ...{ job: 'nightly', status: 'failed', exitCode: 69, run: null, coverage: null, manifest: null },
      error: { kind: 'unreachable', message: 'Cannot reach it', hint: null },
    });
  });
});
