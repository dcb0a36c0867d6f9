import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { createPrng, type Prng } from '../../src/demo/sample/prng.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { keepTranscript } from '../../src/transcript/keep-transcript.ts';
import { sampleKey } from '../support/archives/sample-keys.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { verifyThere } from '../support/storage/push-here.ts';
import { strictS3, type StrictS3 } from '../support/storage/strict-s3.ts';
import { fullJob } from '../support/runs/new-process.ts';
import { writeJobFile } from '../support/program/built-program.ts';
import { fileWorkspace, send, type SentFile } from '../support/workspaces/file-workspace.ts';

const kills = 20;
const secret = 'unforgettable-words';
const program = join(import.meta.dirname, '../../dist/bin.js');
const files = (from: number, to: number): readonly SentFile[] =>
  Array.from({ length: to - from }, (_, at) => ({ id: `file${from + at}`, content: `${from + at} `.repeat(60_000) }));

/** Runs a command again and again, each time killed a moment later, until it ends by itself. @returns how often it was killed */
async function untilItEnds(args: readonly string[], store: StrictS3, prng: Prng, firstMs: number): Promise<number> {
  for (let killed = 0; ; killed += 1) {
    const child = spawn(process.execPath, [program, ...args], {
      env: store.variables,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stderr: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => void stderr.push(chunk));
    // Longer from kill to kill, so that it is done some time, however busy the machine.
    const timer = setTimeout(() => child.kill('SIGKILL'), firstMs * (0.3 + prng.next()) * 1.4 ** killed);
    const [code, signal] = (await once(child, 'close')) as readonly unknown[];
    clearTimeout(timer);
    if (signal === 'SIGKILL') continue;
    expect({ args, code, stderr: Buffer.concat(stderr).toString() }).toMatchObject({ code: 0 });
    return killed;
  }
}

async function pagesOf(archive: string): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for await (const { name, path } of walkFiles(nodeDisk, join(archive, '_view/transcript')))
    if (name !== 'made.jsonl') pages.set(name, await readFile(path, 'utf8'));
  return pages;
}

it('downloads, transcript, push and purge, killed with kill -9 at random moments, come to the same end', async () => {
  const prng = createPrng(20_261_127);
  const store = await strictS3();
  const chat = fileWorkspace(files(0, 8));
  const served = await serveWorkspace(chat, { latencyMs: 3 });
  const { privatePem, publicPem } = sampleKey(7);
  try {
    let killed = 0;
    for (let world = 0; killed < kills; world += 1) {
      await withArchive(async (archive) => {
        const to = `s3://archives/world-${world}`;
        const job = fullJob(served.url, archive, {
          ...{
            extract: [{ rooms: ['*'] }],
            transform: { tables: ['messages', 'users'] },
            sinks: [{ format: 'jsonl' }],
          },
          ...{ attachments: { avatars: true }, raw: 'keep', transcript: true, report: true },
          sign: { key: privatePem },
        });
        const jobFile = await writeJobFile(`${archive}.yaml`, job);
        await writeFile(jobFile, `${await readFile(jobFile, 'utf8')}push: ${to}\n`);
        killed += await untilItEnds(['run', jobFile], store, prng, 900);
        for (const file of files(8 + world, 11 + world)) send(chat, { ...file, name: `${secret}.txt` });
        killed += await untilItEnds(['run', jobFile], store, prng, 900);
        const keyFile = `${archive}.pem`;
        await writeFile(keyFile, privatePem, { mode: 0o600 });
        const why = ['--reason', 'a test', '--by', 'a test', '--sign-key', keyFile];
        killed += await untilItEnds(
          ['purge', archive, '--message', `alpha-${String(8 + 3 * world).padStart(6, '0')}`, ...why],
          store,
          prng,
          500,
        );
        killed += await untilItEnds(['run', jobFile], store, prng, 900);
        expect(await verifyArchive(archive, { publicKey: publicPem })).toMatchObject({ differences: [] });
        expect(await verifyThere(store.variables, to)).toMatchObject({ differences: [] });
        const left: string[] = [];
        for await (const { name } of walkFiles(nodeDisk, archive)) left.push(name);
        expect(left.filter((name) => name.startsWith('_work') || name.endsWith('.tmp'))).toEqual([]);
        const copy = join(`${archive}-copy`);
        await cp(archive, copy, { recursive: true });
        await rm(join(copy, '_view'), { recursive: true });
        await mkdir(join(copy, '_view'));
        await keepTranscript(nodeDisk, copy, { zone: 'UTC', signal: new AbortController().signal });
        expect(await pagesOf(archive)).toEqual(await pagesOf(copy));
        await rm(copy, { recursive: true });
      });
    }
  } finally {
    await served.close();
    await store.close();
  }
});
