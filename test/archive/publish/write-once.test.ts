import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/archive/hash-file.ts';
import { publish } from '../../../src/archive/publish/publish.ts';
import { changeSigningKey, resetState } from '../../../src/archive/stored-state/state-links.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { keyChangeSigner } from '../../../src/signature/link-signer.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

const [first, second] = [sampleKey(1), sampleKey(2)];
const now = '2024-03-02T00:00:00.000Z';

/** What adds a link, one after the other. */
const links: readonly ((disk: MemoryDisk) => Promise<unknown>)[] = [
  ...[1, 2, 3].map((run) => async (disk: MemoryDisk) => {
    await runPlan(disk, '/archive', sampleRun(run));
    await publish(disk, '/archive', sampleRun(run).contents, { keepRaw: true, signer: first.signer });
  }),
  (disk) => resetState(disk, '/archive', now, () => 'all', first.signer),
  (disk) => changeSigningKey(disk, '/archive', now, keyChangeSigner(first.key, second.key)),
];

describe('an archive in a place that can be written once', () => {
  it('gets new files only, but for the two that docs/archive-format.md names', async () => {
    const disk = new MemoryDisk();
    const known = new Map<string, string>();
    const replaced = new Set<string>();
    for (const add of links) {
      await add(disk);
      const found = new Map<string, string>();
      for await (const { name, path } of walkFiles(disk, '/archive'))
        found.set(name, sha256((await disk.readFile(path)) ?? ''));
      for (const [name, hash] of known) if (found.get(name) !== hash) replaced.add(name);
      for (const [name, hash] of found) known.set(name, hash);
    }
    expect(known.size).toBeGreaterThan(30);
    expect([...replaced].sort()).toEqual(['_manifest/SHA256SUMS', '_state.json']);

    const page = readFileSync(join(import.meta.dirname, '../../../docs/archive-format.md'), 'utf8');
    const [, section = ''] = page.split('### What is written once, and what is replaced\n');
    const [text = ''] = section.split(/^##/m);
    for (const name of replaced) expect(text).toContain(`\`${name}\``);
  });
});
