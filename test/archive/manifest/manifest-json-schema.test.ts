import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { publishCompaction } from '../../../src/archive/publish/publish-compaction.ts';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { openCompaction } from '../../support/archives/sample-compaction.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

/** A run with a gap, a compaction, a reset. */
async function withEveryKind(use: (manifests: readonly Record<string, unknown>[]) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (archive) => {
    await publishRuns(nodeDisk, archive, 3);
    await publishCompaction(nodeDisk, archive, await openCompaction(nodeDisk, archive));
    await resetState(nodeDisk, archive, '2024-03-02T00:00:00.000Z', () => ['id-ops']);
    const read = async (run: number): Promise<Record<string, unknown>> => {
      const text = await readFile(join(archive, `_manifest/run-00000${run}.json`), 'utf8');
      return JSON.parse(text) as Record<string, unknown>;
    };
    await use([await read(3), await read(4), await read(5)]);
  });
}

describe('rocketchat-export schema manifest', () => {
  it('prints a JSON Schema that every kind of manifest passes, and none without one of its keys', async () => {
    const { code, stdout, stderr } = await runHere(['schema', 'manifest']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const schema = z.fromJSONSchema(JSON.parse(stdout) as JsonSchema);
    await withEveryKind((manifests) => {
      expect(manifests.map(({ kind }) => kind)).toEqual(['export', 'compaction', 'state']);
      for (const manifest of manifests) {
        expect(schema.safeParse(manifest)).toMatchObject({ success: true });
        expect(schema.safeParse({ ...manifest, weather: 'fine' })).toMatchObject({ success: true });
        for (const key of Object.keys(manifest)) {
          const less = Object.fromEntries(Object.entries(manifest).filter(([name]) => name !== key));
          expect([key, schema.safeParse(less).success]).toEqual([key, false]);
        }
      }
      return Promise.resolve();
    });
  });

  it('says of every key of a run, a compaction, a purge, a reset and a change of the key what it means', async () => {
    const { stdout } = await runHere(['schema', 'manifest']);
    const { oneOf = [] } = JSON.parse(stdout) as {
      oneOf?: readonly { readonly properties: Readonly<Record<string, { readonly description?: string }>> }[];
    };
    expect(oneOf).toHaveLength(5);
    for (const { properties } of oneOf) {
      expect(Object.entries(properties).filter(([, { description }]) => description === undefined)).toEqual([]);
    }
  });
});
