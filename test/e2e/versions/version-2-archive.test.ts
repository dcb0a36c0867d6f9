import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseManifest } from '../../../src/archive/manifest/manifest-json.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { runJob } from '../../../src/pipeline.ts';
import { readArchiveHistory } from '../../../src/snapshot/archive-history.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { currentMessages } from '../../support/runs/current-messages.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { Version1Workspace } from '../../support/workspaces/version-1-workspace.ts';

/** Runs 1, 2 and 4, a day between them, and a compaction as link 3, all by the last program that wrote version 2. */
const fixture = join(import.meta.dirname, '../../fixtures/version-2');
const links = [1, 2, 3, 4].map((run) => join(fixture, `_manifest/run-00000${run}.json`));

describe('an archive of format version 2', () => {
  it('is verified, read, continued and compacted as it is', async () => {
    const workspace = new Version1Workspace();
    workspace.nextDay();
    workspace.nextDay();
    const served = await workspace.serve();
    await withArchive(async (archive) => {
      await cp(fixture, archive, { recursive: true });
      expect((await verifyArchive(archive)).differences).toEqual([]);
      expect(await currentMessages(archive)).toEqual(workspace.truth);

      const job = fullJob(served.url, archive, {
        name: 'nightly',
        transform: { tables: ['messages', 'reactions', 'rooms'] },
        sinks: [{ format: 'jsonl' }],
      });
      const run = (): ReturnType<typeof runJob> => runJob(job, newProcess({ clock: leapingClock(workspace.nowMs) }));
      // What the state of version 2 knows is known: nothing is asked again.
      expect(await run()).toMatchObject({ run: 5, lists: [], changes: [], unchanged: 4, state: { base: 'previous' } });
      workspace.nextDay();
      expect((await run()).gaps).toEqual([]);
      expect(await currentMessages(archive)).toEqual(workspace.truth);
      await compactHere(archive, { keeps: 'latest' });
      expect((await verifyArchive(archive)).differences).toEqual([]);
      expect(await currentMessages(archive)).toEqual(workspace.truth);
    }).finally(() => served.close());
  });

  it('has in its manifests, under the names of version 3, what it called proof, seams and revises', async () => {
    const read = await Promise.all(
      links.map(async (path) => ({ bytes: await readFile(path), ...parseManifest(await readFile(path)) })),
    );
    for (const { bytes, manifest, formatVersion } of read) {
      expect(formatVersion).toBe(2);
      const written = JSON.parse(bytes.toString()) as {
        readonly files: readonly { readonly path: string; readonly revises?: true }[];
        readonly lists?: readonly { readonly proof: Readonly<Record<string, unknown>> }[];
        readonly changes?: readonly { readonly proof: Readonly<Record<string, unknown>> }[];
      };
      if (!('files' in manifest)) throw new Error('The fixture has none');
      expect(manifest.files.map(({ mayReplace }) => mayReplace)).toEqual(written.files.map(({ revises }) => revises));
      if (manifest.kind !== 'export') continue;
      for (const key of ['lists', 'changes'] as const) {
        expect(manifest[key].map(({ completeness }) => completeness)).toEqual(
          (written[key] ?? []).map(({ proof: { seamsChecked, seamsRepaired, ...same } }) => ({
            ...same,
            overlapsVerified: seamsChecked,
            pagesRefetched: seamsRepaired,
          })),
        );
      }
    }
    expect(read.some(({ bytes }) => bytes.includes('"revises":true'))).toBe(true);
  });

  it('tells files whose rows may replace others from those with first versions', async () => {
    const { files } = await readArchiveHistory(nodeDisk, fixture);
    expect(files.filter(({ mayReplace }) => mayReplace).map(({ path }) => path)).toEqual([
      'reactions/run-000002-0001.jsonl',
      'messages/run-000003-0002.jsonl',
      'messages/run-000004-0002.jsonl',
      'reactions/run-000004-0001.jsonl',
    ]);
  });
});
