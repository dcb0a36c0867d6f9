import { describe, expect, it } from '@jest/globals';
import { JsonShapeError } from '../../../src/archive/json-shape.ts';
import { parseManifest, serializeManifest } from '../../../src/archive/manifest/manifest-json.ts';
import type { AnyManifest, Manifest } from '../../../src/archive/manifest/manifest.ts';
import { stateChange } from '../../../src/archive/state/state-change.ts';
import { sampleRun } from '../../support/archives/sample-run.ts';

const { stateBefore, state, ...contents } = sampleRun(3).contents;
const manifest: Manifest = {
  ...contents,
  run: 3,
  state: stateChange(stateBefore, state),
  version: 3,
  kind: 'export',
  gaps: [{ endpoint: 'e', room: { id: 'r', name: 'n', type: 'private' }, reason: 'not-allowed', message: 'no' }],
  raw: [{ path: '_raw/run-000003/a.jsonl', sizeBytes: 1, sha256: 'a'.repeat(64) }],
  previous: { path: '_manifest/run-000002.json', sha256: 'b'.repeat(64) },
};
const text = serializeManifest(manifest);
const parse = (json: string): AnyManifest => parseManifest(Buffer.from(json)).manifest;

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
    const revising: Manifest = { ...manifest, files: [{ ...first, mayReplace: true }, ...others] };
    expect(parse(serializeManifest(revising))).toEqual(revising);
    expect(serializeManifest(revising).match(/"mayReplace":true/g)).toHaveLength(1);
    expect(text).not.toContain('mayReplace');
    expect(() => parse(serializeManifest(revising).replace('"mayReplace":true', '"mayReplace":1'))).toThrow(
      JsonShapeError,
    );
  });

  it('gives the same bytes whatever the order of keys', () => {
    expect(serializeManifest(parse(JSON.stringify(reversed(JSON.parse(text)))))).toBe(text);
  });

  it('has a line for each key, and for each file', () => {
    expect(text).toMatch(/^\{\n {2}"version": 3,\n {2}"run": 3,/);
    expect(text.match(/^ {4}\{"path":"m.*\},?$/gm)).toHaveLength(manifest.files.length);
    expect(text).toMatch(/\n\}\n$/);
  });
});

describe('parseManifest', () => {
  it('passes over what later versions add', () => {
    const later = JSON.stringify({ ...(JSON.parse(text) as object), weather: 'fine' });
    expect(parse(later)).toEqual(manifest);
  });

  it('refuses a manifest of a later format', () => {
    expect(() => parse(text.replace('"version": 3', '"version": 4'))).toThrow(/its format version is 4/);
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
      /"files\[\d\].path" is .*(a file of run 3|inside the archive)/,
    );
  });

  it('refuses a kept journal outside the archive', () => {
    expect(() => parse(text.replace('_raw/run-000003/a.jsonl', '_raw/../../a'))).toThrow(/inside the archive/);
  });

  it('refuses any field that is missing', () => {
    const whole = JSON.parse(text) as Record<string, unknown>;
    for (const key of Object.keys(whole)) {
      const less = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));
      expect(() => parse(JSON.stringify(less))).toThrow(JsonShapeError);
    }
  });
});
