import { createHash } from 'node:crypto';
import { runResultSchema } from '../../../src/cli/result/run-result-schema.ts';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { impatientClock } from '../../support/clocks/impatient-clock.ts';
import { inflict } from '../../support/network/faults.ts';
import { json, serve } from '../../support/network/loopback.ts';
import { refusedUrl } from '../../support/network/faulty-server.ts';
import { createSmallWorkspace, smallRoomId } from '../../support/workspaces/small-workspace.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { jobText } from '../../support/program/job-text.ts';
import { filesBelow, loginAt, type Ended, type ProgramOptions } from '../../support/program/program.ts';

let folder: string;
let server: ServedWorkspace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-run-'));
  server = await serveWorkspace(createSmallWorkspace(250));
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeJob(name: string, text: string): Promise<string> {
  await writeFile(join(folder, `${name}.yaml`), text);
  return `${name}.yaml`;
}

describe('rocketchat-export run', () => {
  it('prints what is published although the database behind it cannot be reached', async () => {
    const more = `load: postgres://127.0.0.1:1/x\n`;
    const path = await writeJob('behind', jobText({ output: 'out/behind', more }));
    const { stdout, stderr, code } = await runHere(['run', path, '--json'], { cwd: folder, env: loginAt(server.url) });
    expect(code).toBe(75);
    const result = runResultSchema.parse(JSON.parse(stdout));
    const bytes = await readFile(join(folder, 'out/behind/_manifest/run-000001.json'));
    expect(result).toMatchObject({
      ...{ status: 'published', exitCode: 75, run: 1, messages: 250, rows: { messages: 250 } },
      ...{ coverage: { rooms: { read: 1 } }, error: { kind: 'stopped' } },
      manifest: { path: '_manifest/run-000001.json', sha256: createHash('sha256').update(bytes).digest('hex') },
    });
    expect(result.error?.message).toMatch(/published/);
    expect(stderr).toContain('published');
    const shown = await runHere(['run', path, '--every-room'], { cwd: folder, env: loginAt(server.url) });
    expect(shown.code).toBe(75);
    expect(shown.stdout).toContain('run 2');
  });

  it('prints a line per job where the queue cannot be reached', async () => {
    const paths = await Promise.all(
      ['queued-1', 'queued-2'].map((name) => writeJob(name, jobText({ output: `out/${name}` }))),
    );
    const away = new URL(await refusedUrl());
    const words = ['run', ...paths, '--json', '--queue', `redis://${away.host}`, '--spool', 'spool'];
    const { stdout, code } = await runHere(words, { cwd: folder, env: loginAt(server.url) });
    expect(code).toBe(69);
    const results = stdout
      .trimEnd()
      .split('\n')
      .map((line) => runResultSchema.parse(JSON.parse(line)));
    expect(results).toMatchObject([
      { job: 'queued-1', status: 'failed', exitCode: 69, error: { kind: 'unreachable' } },
      { job: 'queued-2', status: 'failed', exitCode: 69, error: { kind: 'unreachable' } },
    ]);
  });

  it('tells the webhook of a job of failures, and ends as it would without', async () => {
    const posted: unknown[] = [];
    const receiver = await serve((request, response) => {
      void text(request).then((body) => {
        posted.push(JSON.parse(body));
        // What cannot be delivered never changes how a run ends.
        json(response, posted.length === 1 ? 200 : 400, {});
      });
    });
    const more = `notify: { webhook: '\${HOOK}' }\n`;
    const options = { cwd: folder, env: { ...loginAt(server.url), HOOK: `${receiver.url}/hooks/9f8e7d6c5b4a` } };
    const unknown = await writeJob('unknown', jobText({ output: 'out/unknown', rooms: ['nowhere'], more }));
    expect((await runHere(['run', unknown], options)).code).toBe(78);
    const down = await writeJob('down', jobText({ output: 'out/down', more }));
    const env = { ...options.env, ROCKETCHAT_URL: await refusedUrl() };
    const failed = await runHere(['run', down, '-v'], { ...options, env, clock: impatientClock() });
    await receiver.close();
    expect(failed.code).toBe(69);
    expect(failed.stderr).toContain(`down: Cannot notify ${receiver.url} (notify.webhook): HTTP 400`);
    expect(failed.stdout + failed.stderr).not.toContain('9f8e7d6c5b4a');
    expect(posted.slice(0, 2)).toMatchObject([
      { event: 'failed', job: 'unknown', result: { run: null, exitCode: 78 } },
      { event: 'failed', job: 'down', result: { run: null, exitCode: 69 } },
    ]);
  });

  it('exports, says what it wrote, and finds nothing new the second time', async () => {
    const job = await writeJob('plain', jobText({ output: 'out/plain' }));
    const options = { cwd: folder, env: loginAt(server.url) };
    const first = await runHere(['run', job], options);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain('plain: run 1, 250 new messages in out/plain');
    expect(first.stdout).toMatch(/^table +rows +jsonl\nmessages +250 +\d+\.\d kB$/m);
    expect(first.stdout).toMatch(/^new or changed in: .*\d$/m);
    expect(first.stderr).toMatch(/^\S+Z info +plain: starting run 1, 1 list of http:.* as ines.marlow$/m);
    const files = await filesBelow(join(folder, 'out/plain'));
    expect(files).toEqual([
      '_manifest/SHA256SUMS',
      '_manifest/run-000001.json',
      '_state.json',
      '_view/schema/messages.schema.json',
      '_view/schema/views.sql',
      'messages/run-000001-0001.jsonl',
    ]);

    const second = await runHere(['run', job, '--json', '--log-format', 'json'], options);
    expect(second.code).toBe(0);
    const result: unknown = JSON.parse(second.stdout);
    const stored = await readFile(join(folder, 'out/plain/_manifest/run-000002.json'), 'utf8');
    expect(runResultSchema.parse(result)).toMatchObject({
      ...{ job: 'plain', status: 'published', exitCode: 0, archive: join(folder, 'out/plain'), run: 2, error: null },
      ...{ rows: { messages: 0 }, gaps: { count: 0, first: [] }, files: { count: 0, sizeBytes: 0 } },
      manifest: { path: '_manifest/run-000002.json', sha256: createHash('sha256').update(stored).digest('hex') },
    });
    for (const line of second.stderr.trim().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ level: 'info', job: 'plain' });
    }

    const third = await runHere(['run', job], options);
    expect(third.stdout).toContain('plain: run 3, nothing new');
    const quiet = await runHere(['run', job, '--quiet'], options);
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await filesBelow(join(folder, 'out/plain'))).filter((name) => name.startsWith('messages/'))).toHaveLength(
      1,
    );
  });

  it('ends with 1 when a room cannot be read, names the gap and publishes the rest', async () => {
    const refusing = await serveWorkspace(createSmallWorkspace(30), {
      intercept: inflict(({ endpoint, params }) =>
        endpoint === 'groups.messages' && params['roomId'] === smallRoomId
          ? {
              kind: 'answer',
              status: 400,
              contentType: 'application/json',
              body: '{"success":false,"error":"The required \\"roomId\\" param does not match any group [error-room-not-found]","errorType":"error-room-not-found"}',
            }
          : null,
      ),
    });
    try {
      const job = await writeJob('gap', jobText({ output: 'out/gap' }));
      const { code, stdout, stderr } = await runHere(['run', job], { cwd: folder, env: loginAt(refusing.url) });
      expect(code).toBe(1);
      expect(stdout).toMatch(/^gap \(room-not-found\) in small: .*\n {2}The room is gone/m);
      expect(stderr).toContain('Gap in groups.messages of "small" (room-not-found)');
      expect(stderr).toMatch(/Z hint +The room is gone/);
      expect(await filesBelow(join(folder, 'out/gap'))).toContain('_manifest/run-000001.json');
    } finally {
      await refusing.close();
    }
  });

  it('runs every job that can be run, and ends with the highest code', async () => {
    const good = await writeJob('good', jobText({ output: 'out/good' }));
    const bad = await writeJob('bad', jobText({ rooms: ['nowhere'], output: 'out/bad' }));
    const broken = await writeJob('broken', 'extract: [\n');
    const nowhere = await writeJob('nowhere', jobText({ output: '/dev/null/archive' }));
    const args = ['run', bad, broken, good, nowhere, '--json'];
    const { code, stdout, stderr } = await runHere(args, { cwd: folder, env: loginAt(server.url) });
    expect(code).toBe(78);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => runResultSchema.parse(JSON.parse(line)));
    expect(results).toMatchObject([
      { job: broken, status: 'failed', exitCode: 78, archive: null, error: { kind: 'job' } },
      { job: 'bad', status: 'failed', exitCode: 78, run: null, manifest: null, error: { kind: 'job' } },
      { job: 'good', status: 'published', exitCode: 0, run: 1, rows: { messages: 250 }, gaps: { count: 0, first: [] } },
      { job: 'nowhere', status: 'failed', exitCode: 73, error: { kind: 'output' } },
    ]);
    expect(results[1]?.error?.message).toContain('no room matches "nowhere"');
    expect(stderr.indexOf('broken.yaml')).toBeLessThan(stderr.indexOf('no room matches "nowhere"'));
  });
});

describe('a run that cannot be', () => {
  let ends: Readonly<Record<'token' | 'room' | 'key' | 'down' | 'null', Ended>>;
  let quiet: ServedWorkspace;

  beforeAll(async () => {
    quiet = await serveWorkspace(createSmallWorkspace(1));
    const env = loginAt(server.url);
    const start = async (job: string, text: string, changed: ProgramOptions['env'] = {}): Promise<Ended> =>
      runHere(['run', await writeJob(job, text), '--verbose'], { cwd: folder, env: { ...env, ...changed } });
    const [token, room, key, down, none] = await Promise.all([
      start('token', jobText({ output: 'out/token' }), { ROCKETCHAT_AUTH_TOKEN: 'wrong-token-1234567890' }),
      start('room', jobText({ rooms: ['smal'], output: 'out/room' })),
      start('key', jobText({ output: 'out/key', more: 'concurency: 2\n' })),
      start('down', jobText({ output: 'out/down' }), { ROCKETCHAT_URL: await refusedUrl() }),
      start('null', jobText({ output: '/dev/null/archive' }), { ROCKETCHAT_URL: quiet.url }),
    ]);
    ends = { token, room, key, down, null: none };
  });

  afterAll(() => quiet.close());

  it('ends with 77 for a wrong token', () => {
    const { code, stdout, stderr } = ends.token;
    expect({ code, stdout }).toEqual({ code: 77, stdout: '' });
    expect(stderr).toMatch(/^error: .*401/m);
    expect(stderr).toMatch(/^hint: Check the user id and the token/m);
    expect(stderr).toContain('    at ');
  });

  it('ends with 78 for a room that does not exist', () => {
    expect(ends.room.code).toBe(78);
    expect(ends.room.stderr).toContain('error: Cannot select rooms: no room matches "smal"');
  });

  it('ends with 78 for a key that does not exist, with its place and the nearest one', () => {
    expect(ends.key.code).toBe(78);
    expect(ends.key.stderr).toContain('key.yaml:9:1 concurency');
    expect(ends.key.stderr).toContain('"concurrency"');
  });

  it('ends with 69 when nobody listens', () => {
    expect(ends.down.code).toBe(69);
    expect(ends.down.stderr).toMatch(/^error: .*nothing listens there/m);
    expect(ends.down.stderr).toMatch(/^hint: /m);
  });

  it('ends with 73 when the output cannot be written, without asking the server', () => {
    expect(ends.null.code).toBe(73);
    expect(ends.null.stderr).toMatch(/^error: .*\/dev\/null\/archive/m);
    expect(ends.null.stderr).toContain('hint: A part of the path is a file');
    expect(quiet.requests).toEqual([]);
  });

  it.each(['token', 'room', 'key', 'down'])('leaves no file behind: %s', async (name) => {
    expect(await filesBelow(join(folder, 'out', name))).toEqual([]);
  });
});
