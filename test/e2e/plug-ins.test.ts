import type { RunResult } from '../../src/cli/result/run-result.ts';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { loadJob } from '../../src/job/load-job.ts';
import { runJob } from '../../src/pipeline.ts';
import { documentedExample } from '../support/sinks/documented-example.ts';
import { here } from '../support/runs/run-here.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** Processes start here, on machines that may be busy. */
const timeoutMs = 60_000;

const jobText = `
name: plugged
extract: [{ endpoint: groups.messages, rooms: [ops-oncall] }]
transform:
  tables: [messages]
  steps:
    - dropSystemMessages: true
    - { since: 2019-01-01, until: '2030-01-01T00:00:00Z' }
    - { use: ./hide-words.mjs, options: { words: ['\${WORD}'] } }
    - dropColumns: [extra, updated_at]
sinks:
  - { use: ./xml-sink.mjs, options: { root: table } }
  - format: jsonl
  - format: csv
output: archive
`;

const word = 'the';

async function withServer(
  use: (folder: string, env: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const served = await serveWorkspace(createSampleWorkspace());
  try {
    await inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'hide-words.mjs'), documentedExample('hide-words.mjs'));
      await writeFile(join(folder, 'xml-sink.mjs'), documentedExample('xml-sink.mjs'));
      await writeFile(join(folder, 'job.yaml'), jobText);
      const { userId, authToken } = sampleLogin;
      await use(folder, {
        ...{ ROCKETCHAT_URL: served.url, ROCKETCHAT_USER_ID: userId, ROCKETCHAT_AUTH_TOKEN: authToken, WORD: word },
      });
    });
  } finally {
    await served.close();
  }
}

describe('a job with plug-ins', () => {
  longIt(
    'writes what they make of the messages, here and in worker threads of the built program the same',
    async () => {
      await withServer(async (folder, env) => {
        const manifest = await runJob(await loadJob('job.yaml', env, folder), here);
        await checkArchive(folder, manifest);

        await writeFile(join(folder, 'job.yaml'), jobText.replace('output: archive', 'output: built'));
        const bin = join(import.meta.dirname, '../../dist/bin.js');
        const { stdout } = await promisify(execFile)(process.execPath, [bin, 'run', 'job.yaml', '--json'], {
          cwd: folder,
          env: { PATH: process.env['PATH'], ...env },
        });
        const { manifest: link } = JSON.parse(stdout) as RunResult;
        const built = JSON.parse(await readFile(join(folder, 'built', link?.path ?? ''), 'utf8')) as Manifest;
        expect(built.files).toEqual(manifest.files);
        expect(built.steps).toEqual(manifest.steps);
        expect(built.job).toEqual(manifest.job);
      });
    },
    timeoutMs,
  );

  longIt(
    'fails with one clear sentence and the exit code of its kind, also in worker threads',
    async () => {
      await withServer(async (folder, env) => {
        const bin = join(import.meta.dirname, '../../dist/bin.js');
        const outcome = async (): Promise<{ code: unknown; stderr: string }> => {
          const run = promisify(execFile)(process.execPath, [bin, 'run', 'job.yaml'], {
            cwd: folder,
            env: { PATH: process.env['PATH'], ...env },
          });
          return run.then(
            ({ stderr }) => ({ code: 0, stderr }),
            (error: unknown) => error as { code: unknown; stderr: string },
          );
        };
        await writeFile(join(folder, 'hide-words.mjs'), 'export default () => (m) => ({ ...m, text: m.ts });');
        const step = await outcome();
        expect(step.code).toBe(78);
        expect(step.stderr).toMatch(
          /Step ".\/hide-words.mjs" returned no message for message "\w+": "text" is an object, expected text or null/,
        );

        await writeFile(join(folder, 'hide-words.mjs'), documentedExample('hide-words.mjs'));
        await writeFile(
          join(folder, 'xml-sink.mjs'),
          'export default () => ({ format: "x", extension: "x", open: () => ({ write() { throw new Error("disk of mine"); }, close() {} }) });',
        );
        const sink = await outcome();
        expect(sink.code).toBe(73);
        expect(sink.stderr).toMatch(/Sink ".\/xml-sink.mjs" failed to write ".*\.x": disk of mine/);

        await writeFile(
          join(folder, 'xml-sink.mjs'),
          'export default () => ({ format: "x", extension: "csv", open() {} });',
        );
        const twice = await outcome();
        expect(twice.code).toBe(78);
        expect(twice.stderr).toContain('Cannot use two sinks whose files end in ".csv"');
      });
    },
    timeoutMs,
  );
});

async function checkArchive(folder: string, manifest: Manifest): Promise<void> {
  const archive = join(folder, 'archive');
  expect((await verifyArchive(archive)).differences).toEqual([]);
  expect(manifest.files.map(({ path, format }) => [path, format])).toEqual([
    ['messages/run-000001-0001.csv', 'csv'],
    ['messages/run-000001-0001.jsonl', 'jsonl'],
    ['messages/run-000001-0001.xml', 'xml'],
  ]);
  const rows = (await readFile(join(archive, 'messages/run-000001-0001.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  expect(rows.length).toBeGreaterThan(100);
  for (const row of rows) {
    expect(Object.keys(row)).not.toContain('extra');
    expect(row['type']).toBeNull();
    expect(String(row['text'])).not.toContain(word);
    expect(String(row['ts']) >= '2019-01-01').toBe(true);
  }
  expect(rows.some(({ text }) => String(text).includes('***'))).toBe(true);
  const xml = await readFile(join(archive, 'messages/run-000001-0001.xml'), 'utf8');
  expect(xml.startsWith('<table table="messages">\n')).toBe(true);
  expect([...xml.matchAll(/<message_id>(\w+)</g)].map(([, id]) => id)).toEqual(rows.map((row) => row['message_id']));

  // What was read is what was exported and what each step dropped.
  const read = manifest.lists.reduce((sum, { completeness }) => sum + completeness.messages, 0);
  const exported = manifest.lists.reduce((sum, stream) => sum + stream.exported, 0);
  const dropped = manifest.steps.reduce((sum, step) => sum + step.dropped, 0);
  expect(exported).toBe(rows.length);
  expect(exported + dropped).toBe(read);
  expect(manifest.steps.map(({ step }) => step)).toEqual([
    ...['dropSystemMessages', 'period', './hide-words.mjs', 'dropColumns'],
  ]);
  expect(manifest.steps[2]?.settings).toEqual({ options: { words: ['${WORD}'] } });
}
