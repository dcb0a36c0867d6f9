import { describe, expect, it } from '@jest/globals';
import { JsonShapeError } from '../../src/archive/json-node.ts';
import { parseManifest, serializeManifest } from '../../src/archive/manifest-json.ts';
import type { AnyManifest } from '../../src/archive/compaction-manifest.ts';
import type { Manifest } from '../../src/archive/manifest.ts';
import { sampleRun } from './sample-run.ts';

const manifest: Manifest = {
  ...sampleRun(3).contents,
  requests: { 'groups.messages': { requests: 2, retries: 0, rateLimited: 0, waitedMs: 13 } },
  version: 1,
  kind: 'export',
  gaps: [{ endpoint: 'e', room: { id: 'r', name: 'n', type: 'private' }, reason: 'not-allowed', message: 'no' }],
  raw: [{ path: '_raw/run-000003/a.jsonl', sizeBytes: 1, sha256: 'a'.repeat(64) }],
  previous: { path: '_manifest/run-000002.json', sha256: 'b'.repeat(64) },
};
const text = serializeManifest(manifest);
const parse = (json: string): AnyManifest => parseManifest(Buffer.from(json));

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  );
}

describe('serializeManifest', () => {
  it('is read back as it was', () => {
    expect(parse(text)).toEqual(manifest);
  });

  it('says of a file that its rows revise others only when they do', () => {
    const [first, ...others] = manifest.files;
    if (first === undefined) throw new Error('The sample has files');
    const revising: Manifest = { ...manifest, files: [{ ...first, revises: true }, ...others] };
    expect(parse(serializeManifest(revising))).toEqual(revising);
    expect(serializeManifest(revising).match(/"revises": true/g)).toHaveLength(1);
    expect(text).not.toContain('revises');
    expect(parse(serializeManifest(revising).replace('"revises": true', '"revises": false'))).toEqual(manifest);
    expect(() => parse(serializeManifest(revising).replace('"revises": true', '"revises": 1'))).toThrow(JsonShapeError);
  });

  it('gives the same bytes whatever the order of keys', () => {
    expect(serializeManifest(parse(JSON.stringify(reversed(JSON.parse(text)))))).toBe(text);
  });

  it('ends with a newline and indents by two spaces', () => {
    expect(text).toMatch(/^\{\n {2}"version": 1,\n {2}"run": 3,/);
    expect(text).toMatch(/\n\}\n$/);
  });
});

describe('parseManifest', () => {
  it('passes over what later versions add', () => {
    const later = JSON.stringify({ ...(JSON.parse(text) as object), weather: 'fine' });
    expect(parse(later)).toEqual(manifest);
  });

  it('takes one that does not say its kind for a run: compactions came later', () => {
    const older = { ...(JSON.parse(text) as object), kind: undefined };
    expect(parse(JSON.stringify(older))).toEqual(manifest);
  });

  it('refuses a manifest of a later format', () => {
    expect(() => parse(text.replace('"version": 1', '"version": 2'))).toThrow(/its format version is 2/);
  });

  it.each([
    ['../messages/run-000003-0001.csv'],
    ['messages/../../run-000003-0001.csv'],
    ['/etc/passwd'],
    ['messages/run-000002-0001.csv'],
    ['messages\\\\run-000003-0001.csv'],
    ['mentions/run-000003-0001.csv'],
    ['_manifest/run-000003.json'],
  ])('refuses the data file %s', (path) => {
    expect(() => parse(text.replace('"messages/run-000003-0001.csv"', `"${path}"`))).toThrow(
      /"files\[\d\].path" should be a file of run 3/,
    );
  });

  it('refuses a kept journal outside the archive', () => {
    expect(() => parse(text.replace('_raw/run-000003/a.jsonl', '_raw/../../a'))).toThrow(/inside the archive/);
  });

  it('refuses any field that is missing', () => {
    const whole = JSON.parse(text) as Record<string, unknown>;
    // Manifests of before these were kept are those of exports that left no room out.
    for (const key of Object.keys(whole).filter((name) => name !== 'kind' && name !== 'unchanged')) {
      const less = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));
      expect(() => parse(JSON.stringify(less))).toThrow(JsonShapeError);
    }
  });
});
