import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';

const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);

/** npm asks the registry for what its cache lacks. */
const timeoutMs = 300_000;

const job = `
extract: [{ endpoint: groups.messages, rooms: [ops-oncall] }]
transform: { tables: [messages] }
sinks: [{ use: ./full-sink.mjs }]
output: archive
`;

/** Throws an error of the package, as a plug-in may: its hint reaches the reader only where the class is the program's. */
const fullSink = `
import { OutputError } from 'rocketchat-export';
export default () => ({ format: 'full', extension: 'full', open: () => ({
  write() { throw new OutputError('the shelf is full', { hint: 'Build another shelf' }); },
  close() {},
}) });
`;

const typedUse = `
import { createSink, loadJob, nodeDisk, OutputError, runJob, systemClock, verifyArchive } from 'rocketchat-export';
import type { Job, Manifest, PluginSink, Row } from 'rocketchat-export';
import { sinkContract } from 'rocketchat-export/testing';

export const disk = nodeDisk;
export const exports = [createSink, loadJob, runJob, systemClock, sinkContract] as const;
export async function problems(archive: string): Promise<number> {
  const { differences } = await verifyArchive(archive);
  return differences.length;
}
export function widthOf(row: Row, sink: PluginSink, { files }: Manifest, { output }: Job): string {
  if (files.length === 0) throw new OutputError(output, { hint: sink.extension });
  return String(Object.keys(row).length);
}
// @ts-expect-error a job has a name, a server and more
export const notJob: Job = {};
`;

describe('the package', () => {
  let folder: string;
  let installed: string;
  let warnings: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'install-'));
    installed = join(folder, 'node_modules/rocketchat-export');
    const pack = ['run', 'pack', '--', '--json', '--pack-destination', folder];
    const { stdout } = await execute('npm', pack, { cwd: root });
    const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ readonly filename: string }];
    await writeFile(join(folder, 'package.json'), '{ "name": "reader", "private": true, "type": "module" }');
    const settings = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=warn'];
    ({ stderr: warnings } = await execute('npm', ['install', join(folder, filename), ...settings], { cwd: folder }));
  }, timeoutMs);
  afterAll(() => rm(folder, { recursive: true }));

  const run = async (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; text: string }> => {
    const bin = join(folder, 'node_modules/.bin/rocketchat-export');
    const ended = execute(bin, [...args], { cwd: folder, env: { PATH: process.env['PATH'], ...env } });
    return ended.then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      (error: unknown) => {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, text: stdout + stderr };
      },
    );
  };

  it('is installed without a warning, and runs no script on the way', () => expect(warnings).toBe(''));

  it('is small: at most 25 MB and 50 packages, with what it needs', async () => {
    const lock = JSON.parse(await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, unknown>>;
    };
    expect(Object.keys(lock.packages).length).toBeLessThanOrEqual(50);
    const entries = await readdir(join(folder, 'node_modules'), { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
    );
    const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(sizeBytes).toBeLessThanOrEqual(25_000_000);
    expect(await readFile(join(root, 'README.md'), 'utf8')).toContain(
      `From the one file: ${Object.keys(lock.packages).length} packages, ${Math.ceil(sizeBytes / 1e6)} MB;`,
    );
  });

  it(
    'exports the sample workspace, finds nothing new the second time, and verifies it',
    async () => {
      const { code, text } = await run(['demo']);
      expect({ code, text }).toMatchObject({
        code: 0,
        text: expect.stringContaining('Prove that it is whole') as unknown,
      });
      expect(await run(['demo'])).toMatchObject({
        code: 0,
        text: expect.stringContaining('demo: run 2, nothing new') as unknown,
      });
      expect(await run(['verify', 'output/demo'])).toMatchObject({ code: 0 });
    },
    timeoutMs,
  );

  it(
    'knows the errors that a plug-in imports from it, also in its load worker',
    async () => {
      const served = await serveWorkspace(createSampleWorkspace());
      try {
        await writeFile(join(folder, 'full-sink.mjs'), fullSink);
        await writeFile(join(folder, 'job.yaml'), job);
        const { code, text } = await run(['run', 'job.yaml'], {
          ROCKETCHAT_URL: served.url,
          ROCKETCHAT_USER_ID: sampleLogin.userId,
          ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
        });
        expect(code).toBe(73);
        expect(text).toContain('the shelf is full');
        expect(text).toContain('hint: Build another shelf');
      } finally {
        await served.close();
      }
    },
    timeoutMs,
  );

  it(
    'has types that a strict program compiles with, without those of any other package but Node',
    async () => {
      await writeFile(join(folder, 'use.ts'), typedUse);
      await mkdir(join(folder, 'node_modules/@types'), { recursive: true });
      const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
      const options = [
        '--strict',
        '--noEmit',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--exactOptionalPropertyTypes',
      ];
      const compiled = execute(
        process.execPath,
        [join(root, 'node_modules/typescript/bin/tsc'), ...types, ...options, 'use.ts'],
        { cwd: folder },
      );
      const text = await compiled.then(
        () => '',
        (error: unknown) => (error as { readonly stdout: string }).stdout,
      );
      expect(text).toBe('');
    },
    timeoutMs,
  );

  it(
    'says how to add what was left out of the installation',
    async () => {
      await rm(join(folder, 'node_modules/parquetjs-lite'), { recursive: true });
      await writeFile(
        join(folder, 'lite.yaml'),
        job.replace('{ use: ./full-sink.mjs }', '{ format: parquet, engine: parquetjs-lite }'),
      );
      const { code, text } = await run(['run', 'lite.yaml'], {
        ROCKETCHAT_URL: 'http://127.0.0.1:9',
        ROCKETCHAT_USER_ID: 'nobody',
        ROCKETCHAT_AUTH_TOKEN: 'nothing',
      });
      expect(code).toBe(78);
      expect(text).toContain('Run "npm install parquetjs-lite@');
      expect(await readdir(installed)).toEqual(expect.arrayContaining(['dist', 'jobs', 'LICENSE']));
    },
    timeoutMs,
  );
});
