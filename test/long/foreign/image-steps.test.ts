import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';

const root = join(import.meta.dirname, '../../..');
const execute = promisify(execFile);

/** npm asks the registry for what its cache lacks. */
const timeoutMs = 600_000;

const job = `
extract: [{ endpoint: groups.messages, rooms: [lunch-club] }]
transform: { tables: [messages] }
sinks: [{ format: jsonl }]
schedule: '* * * * *'
output: archive
`;

/** An instruction of the image, its lines joined. */
async function instruction(start: string): Promise<string> {
  const text = (await readFile(join(root, 'deploy/Dockerfile'), 'utf8')).replaceAll('\\\n', ' ');
  const line = text.split('\n').find((one) => one.includes(start));
  if (line === undefined) throw new Error(`deploy/Dockerfile has no line with ${start}`);
  return line.slice(line.indexOf(start));
}

describe('the steps of deploy/Dockerfile, in folders of their own', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-'));
    const ignored = (await readFile(join(root, '.dockerignore'), 'utf8')).trim().split('\n');
    await cp(root, join(folder, 'build'), {
      recursive: true,
      filter: (path) => !ignored.includes(relative(root, path)) && !path.endsWith('.tgz'),
    });
    await mkdir(join(folder, 'tmp'));
    const shell = async (command: string): Promise<void> => {
      const env = { ...process.env, npm_config_prefix: join(folder, 'usr'), npm_config_prefer_offline: 'true' };
      await execute('/bin/sh', ['-ec', command], { cwd: join(folder, 'build'), env, maxBuffer: 1 << 26 });
    };
    await shell((await instruction('npm ci ')).replace('/tmp', join(folder, 'tmp')));
    const install = (await instruction('npm install --global')).replace('/packed', join(folder, 'tmp'));
    // The cache of this machine is not the image's.
    await shell(install.replace(' && npm cache clean --force', ''));
    await rm(join(folder, 'build'), { recursive: true });
    await mkdir(join(folder, 'volume'));
    await writeFile(join(folder, 'volume/job.yaml'), job);
  }, timeoutMs);
  afterAll(() => rm(folder, { recursive: true }));

  it(
    'make a program that keeps the time, is healthy while it does, and ends in order when it is told to',
    async () => {
      const server = await serveWorkspace(createSampleWorkspace());
      const words = JSON.parse((await instruction('CMD ["schedule"')).slice('CMD '.length)) as readonly string[];
      const program = join(folder, 'usr/bin/rocketchat-export');
      const args = words.map((word) => (word.endsWith('.yaml') ? 'job.yaml' : word === '9464' ? '0' : word));
      const scheduled = spawn(program, args, {
        cwd: join(folder, 'volume'),
        env: {
          ...{ PATH: process.env['PATH'], ROCKETCHAT_URL: server.url },
          ...{ ROCKETCHAT_USER_ID: sampleLogin.userId, ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken },
        },
      });
      try {
        let port = '';
        for await (const chunk of scheduled.stderr as AsyncIterable<Buffer>) {
          port = /127\.0\.0\.1:(\d+)/.exec(String(chunk))?.[1] ?? '';
          if (port !== '') break;
        }
        const [, check] = JSON.parse(
          (await instruction('CMD ["node", "-e"')).slice('CMD '.length).replace('"node", ', ''),
        ) as readonly string[];
        const health = (at: string): Promise<unknown> =>
          execute('node', ['-e', (check ?? '').replace('9464', at)]).then(
            () => 'healthy',
            () => 'unhealthy',
          );
        expect(await health(port)).toBe('healthy');
        const ended = once(scheduled, 'exit');
        scheduled.kill('SIGTERM');
        const [code] = (await ended) as [number];
        expect([0, 143]).toContain(code);
        expect(await health(port)).toBe('unhealthy');
      } finally {
        scheduled.kill('SIGKILL');
        await server.close();
      }
    },
    timeoutMs,
  );
});

it(
  'the bill of materials names what the bundle holds and what is installed beside it, and nothing that only builds',
  async () => {
    const { stdout } = await execute('node', ['.config/sbom.js'], { cwd: root, maxBuffer: 1 << 26 });
    const { bomFormat, components } = JSON.parse(stdout) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
    };
    expect(bomFormat).toBe('CycloneDX');
    const licences = await readFile(join(root, 'dist/THIRD-PARTY-LICENCES.txt'), 'utf8');
    const bundled = [...licences.matchAll(/^-{80}\n\n(\S+) (\S+) \(/gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
    expect(bundled.length).toBeGreaterThan(20);
    const named = components.map(({ name, version }) => `${name}@${version}`);
    expect(named).toEqual(expect.arrayContaining(bundled));
    expect(components.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['parquetjs-lite', '@bokuweb/zstd-wasm']),
    );
    expect(components.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['jest']));
    expect(components.map(({ name }) => name)).not.toEqual(expect.arrayContaining(['typescript']));
  },
  timeoutMs,
);
