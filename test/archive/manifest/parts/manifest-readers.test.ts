import { describe, expect, it } from '@jest/globals';
import {
  parseManifest,
  parseManifestParts,
  serializeManifest,
} from '../../../../src/archive/manifest/manifest-json.ts';
import { headReader, stateReader, wholeReader } from '../../../../src/archive/manifest/parts/manifest-readers.ts';
import { readLinkOf, readRunManifest } from '../../../../src/archive/manifest/run-manifests.ts';
import { totalsReader } from '../../../../src/archive/manifest/parts/list-totals.ts';
import type { Manifest } from '../../../../src/archive/manifest/manifest.ts';
import { stateChange } from '../../../../src/archive/state/state-change.ts';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publishRuns, sampleRun } from '../../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';

const { stateBefore, state, ...contents } = sampleRun(3).contents;
const manifest: Manifest = {
  ...contents,
  run: 3,
  state: { ...stateChange(stateBefore, state), rooms: { ROOM: 'digest', gone: null } },
  version: 3,
  kind: 'export',
  gaps: [],
  raw: [],
  previous: { path: '_manifest/run-000002.json', sha256: 'b'.repeat(64) },
};
const text = serializeManifest(manifest);

async function* pieces(of: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(of);
  for (let at = 0; at < bytes.length; at += 100) yield await Promise.resolve(bytes.subarray(at, at + 100));
}

describe('a manifest that is read piece by piece', () => {
  it('is the same as one that is read as a whole', async () => {
    const whole = parseManifest(Buffer.from(text));
    expect(whole.manifest).toEqual(manifest);
    expect(manifest.lists.length).toBeGreaterThan(0);
    expect(await parseManifestParts(pieces(text), wholeReader)).toEqual(whole);
  });

  it('has of the rooms what its reader asks for', async () => {
    const { lists, changes, ...rest } = manifest;
    expect((await parseManifestParts(pieces(text), stateReader))?.manifest).toEqual(rest);
    const { sha256, base, longestPage, reset } = manifest.state;
    const head = { ...rest, state: { sha256, base, longestPage, reset } };
    expect((await parseManifestParts(pieces(text), headReader))?.manifest).toEqual(head);
    const pages = [...lists, ...changes].reduce((sum, { completeness }) => sum + completeness.pages, 0);
    const reader = totalsReader();
    const read = await parseManifestParts(pieces(text), reader);
    expect(read?.manifest).toMatchObject({ totals: { endpoints: new Set(lists.map((list) => list.endpoint)), pages } });
    // Each manifest is added up for itself.
    expect(await parseManifestParts(pieces(text), reader)).toEqual(read);
    expect(reader.ofWhole(manifest).totals).toEqual(read?.manifest.totals);
  });

  it('is left to who parses it as a whole and says what is wrong, also of a single room', async () => {
    for (const [from, to] of [
      ['"version": 3', '"version": 2'],
      ['"pages":', '"pages":"x","was":'],
      ['"kind": "export"', '"kind": "other"'],
    ] as const) {
      expect(text).toContain(from);
      expect(await parseManifestParts(pieces(text.replace(from, to)), stateReader)).toBeUndefined();
    }
  });

  it('says which place of a large manifest is wrong, and takes one that is large for what it is', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 1);
      const path = join(archive, '_manifest/run-000001.json');
      const small = await readFile(path, 'utf8');
      const before = await readRunManifest(nodeDisk, archive, 1);
      // What a later program adds is passed over.
      const large = small.replace('{', `{ "laterKey": ${JSON.stringify('x'.repeat(2 << 20))},`);
      await writeFile(path, large);
      const { manifest: head, sha256, bytes } = await readRunManifest(nodeDisk, archive, 1);
      const { files, tables } = parseManifest(Buffer.from(small)).manifest as Manifest;
      expect(head).toMatchObject({ run: 1, files, tables });
      expect(head).not.toHaveProperty('lists');
      expect(sha256).not.toBe(before.sha256);
      expect((await bytes()).equals(Buffer.from(large))).toBe(true);
      await writeFile(path, large.replace('"pages":', '"pages":"x","was":'));
      await expect(readLinkOf(nodeDisk, archive, 1, stateReader)).rejects.toThrow(
        /"lists\[0\]\.completeness\.pages" is "x"/,
      );
    });
  });
});
