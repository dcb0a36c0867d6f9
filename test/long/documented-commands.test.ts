import { execFile, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import { documents, fenced } from '../docs/documents.ts';
import { loginAt } from '../support/program/program.ts';

const root = join(import.meta.dirname, '../..');

/** In place of what needs a server of somebody else: prints the states, as each target of Singer does. */
const foreign = { 'target-postgres': 'jq -c \'select(.type == "STATE") | .value\'' };

/** Lines that tests of their own run: with PostgreSQL, Redis, an object store, or until somebody ends them. */
const elsewhere = [/ load .* postgres:/, / schedule /, / --queue /, / (push|pull|verify) .*s3:\/\//];

/** The commands of a document by block, as somebody would type them. */
function blocksOf(text: string): readonly (readonly string[])[] {
  return fenced(text, 'console')
    .map((block) =>
      [...block.matchAll(/^\$ ((?:rocketchat-export|tail) .*)$/gm)]
        .map(([, line = '']) => line)
        .filter((line) => !elsewhere.some((pattern) => pattern.test(line))),
    )
    .filter((lines) => lines.length > 0);
}

const shown = Object.entries(documents).flatMap(([path, text]) => blocksOf(text).map((lines) => ({ path, lines })));

/** An archive that has what the documents show. */
const everything = `
extract: [{ rooms: ['*'] }]
transform: { tables: [messages, reactions] }
sinks: [{ format: jsonl, compression: gzip }]
raw: keep
output: output/nightly
`;

/** One of the two archives into which others split the same rooms. */
const shard = (index: number): string => `
extract: [{ rooms: ['*'] }]
sinks: [{ format: parquet }]
shard: { index: ${index}, count: 2 }
output: output/shard-${index}
`;

let folder: string;
let server: ServedWorkspace;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documented-'));
  server = await serveWorkspace(createSampleWorkspace());
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const programs = {
    'rocketchat-export': `exec '${process.execPath}' '${join(root, 'dist/bin.js')}' "$@"`,
    ...foreign,
  };
  for (const [name, line] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(bin, name), 0o700);
  }
  env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOME: folder, ...loginAt(server.url) };
  const first = join(folder, 'first');
  await cp(join(root, 'jobs'), join(first, 'jobs'), { recursive: true });
  await cp(join(first, 'jobs/nightly-archive.yaml'), join(first, 'jobs/mine.yaml'));
  await writeFile(join(first, 'all.yaml'), everything);
  await writeFile(join(first, 'config.json'), JSON.stringify({ archive: 'output/nightly' }));
  for (const index of [0, 1]) await writeFile(join(first, `shard-${index}.yaml`), shard(index));
  expect(await shell('rocketchat-export run all.yaml shard-0.yaml shard-1.yaml', first)).toMatchObject({ code: 0 });
}, 120_000);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** One line of bash, which fails when any of a pipe does. */
function shell(
  line: string,
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile('bash', ['-o', 'pipefail', '-c', line], { cwd, env: { ...env, ...more } }, (error, _stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stderr }),
    );
  });
}

describe('the commands in the documents, run on an archive of the sample workspace', () => {
  it('are those of every document that shows some', () => {
    const lines = Object.values(documents).flatMap((text) => [...text.matchAll(/^\$ (rocketchat-export|tail) .*$/gm)]);
    const left = lines.filter(([line]) => elsewhere.some((pattern) => pattern.test(line)));
    expect(shown.flatMap((block) => block.lines)).toHaveLength(lines.length - left.length);
  });

  it('need a program of the machine that is there', () => expect(spawnSync('jq', ['--version']).status).toBe(0));

  it.each(shown)('$path: $lines', async ({ lines }) => {
    const cwd = await mkdtemp(join(folder, 'block-'));
    await cp(join(folder, 'first'), cwd, { recursive: true });
    for (const line of lines) expect({ line, ...(await shell(line, cwd)) }).toMatchObject({ line, code: 0 });
  });
});
