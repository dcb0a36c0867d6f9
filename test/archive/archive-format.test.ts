import { execFileSync } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { resetState } from '../../src/archive/stored-state/state-links.ts';
import { manifestSchema } from '../../src/archive/manifest/schema/manifest-schema.ts';
import { stateSchema } from '../../src/archive/state/state-schema.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { runJob } from '../../src/pipeline.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { leapingClock } from '../support/clocks/leaping-clock.ts';
import { fullJob, newProcess } from '../support/runs/new-process.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { foreignChain, foreignFiles, foreignFrames, foreignState } from '../support/archives/foreign-reader.ts';
import { Version1Workspace } from '../support/workspaces/version-1-workspace.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

/** Four days of edits and deletions, a reset and a compaction between them. */
async function makeLivingArchive(archive: string, start: 'from nothing' | 'from version 1'): Promise<void> {
  const workspace = new Version1Workspace();
  const served = await workspace.serve();
  try {
    if (start === 'from version 1') {
      await cp(join(import.meta.dirname, '../fixtures/version-1/published'), archive, { recursive: true });
      workspace.nextDay();
      workspace.nextDay();
    }
    const plain = fullJob(served.url, archive, { name: 'nightly', raw: 'keep' });
    const tables = [...plain.transform.tables, 'users', 'room_members'] as const;
    const job = { ...plain, transform: { tables } };
    const run = () => runJob(job, newProcess({ clock: leapingClock(workspace.nowMs) }));
    await run();
    workspace.nextDay();
    await run();
    await resetState(nodeDisk, archive, '2026-01-05T00:00:00.000Z', () => ['beta-id']);
    workspace.nextDay();
    await run();
    await compactHere(archive);
    workspace.nextDay();
    await run();
  } finally {
    await served.close();
  }
}

/** Every key of the objects that a schema describes. */
function keysOf(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}

describe('a reader that knows nothing but docs/archive-format.md', () => {
  const starts = quickOrLong(['from nothing'] as const, ['from nothing', 'from version 1'] as const);
  const inFolder = temporaryFolder();
  beforeAll(async () => {
    for (const start of starts) await makeLivingArchive(inFolder(start), start);
  });

  it.each(starts)('makes the state of the chain, byte for byte (%s)', async (start) => {
    const links = foreignChain(inFolder(start));
    expect(links.slice(-5).map(({ manifest }) => manifest['kind'])).toEqual([
      ...['export', 'state', 'export', 'compaction', 'export'],
    ]);
    const sinceVersion2 = links.filter(({ manifest }) => manifest['version'] !== 1);
    expect(foreignState(sinceVersion2)).toBe(await readFile(inFolder(start, '_state.json'), 'utf8'));
  });

  it('finds every file in SHA256SUMS but the state', async () => {
    const archive = inFolder('from nothing');
    const found: string[] = [];
    for await (const { name } of walkFiles(nodeDisk, archive)) if (!name.startsWith('_view/')) found.push(name);
    expect(found.filter((name) => !['_state.json', '_manifest/SHA256SUMS'].includes(name)).toSorted()).toEqual(
      foreignFiles(archive).toSorted(),
    );
  });

  it('reads the journals that were kept', () => {
    const raw = inFolder('from nothing', '_raw');
    const kinds = (name: string): readonly unknown[] =>
      foreignFrames(join(raw, 'run-000002', name)).map(({ frame }) => frame['kind']);
    expect(kinds('0000-run.pages.gz')[0]).toBe('job');
    expect(kinds('0001-groups.messages-alpha-id.pages.gz')).toEqual(['page', 'end']);
    const [page] = foreignFrames(join(raw, 'run-000001/0001-groups.messages-alpha-id.pages.gz'));
    expect(JSON.parse(page?.body ?? '')).toMatchObject({ success: true, total: 6 });
  });

  it('reads them in Python as the document shows', async () => {
    const text = await readFile(join(import.meta.dirname, '../../docs/archive-format.md'), 'utf8');
    const program = /```python\n([^]*?)```/.exec(text)?.[1] ?? '';
    const folder = inFolder('from nothing', '_raw/run-000001');
    const ids = (path: string): readonly unknown[] =>
      execFileSync('python3', ['-c', program, path], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { readonly _id: unknown })._id);
    const kept = ids(join(folder, '0001-groups.messages-alpha-id.pages.gz'));
    expect(kept).toHaveLength(6);
    const plain = '../fixtures/version-1/published/_raw/run-000001/0001-groups.messages-alpha-id.pages';
    expect([...new Set(ids(join(import.meta.dirname, plain)))]).toEqual(kept);
  });
});

describe('docs/archive-format.md', () => {
  it('names every key of manifests and states', async () => {
    const text = await readFile(join(import.meta.dirname, '../../docs/archive-format.md'), 'utf8');
    const named = new Set([...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => code.split(/\W+/)));
    const schemas = [manifestSchema, stateSchema].map((schema) => z.toJSONSchema(schema, { io: 'input' }));
    expect([...new Set(keysOf(schemas))].filter((key) => !named.has(key))).toEqual([]);
  });
});
