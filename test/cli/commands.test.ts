import { runResultSchema } from '../../src/cli/result/run-result-schema.ts';
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import type { JobCheck } from '../../src/preview/check-job.ts';
import { inflict, unauthorized } from '../support/network/faults.ts';
import { runHere } from '../support/program/fake-process.ts';
import { jobText } from '../support/program/job-text.ts';
import { filesBelow, loginAt, runProgram, type ProgramOptions } from '../support/program/program.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** Processes are started, on machines that may be busy. */

let folder: string;
let server: ServedWorkspace;
let options: ProgramOptions;
let refusedRoom: string | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-commands-'));
  server = await serveWorkspace(createSampleWorkspace(), {
    intercept: inflict(({ endpoint, params }) =>
      ['groups.messages', 'groups.history'].includes(endpoint) && params['roomId'] === refusedRoom
        ? unauthorized
        : null,
    ),
  });
  options = { cwd: folder, env: loginAt(server.url) };
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('rocketchat-export demo and verify', () => {
  longIt('show a newcomer every table, and notice a changed file', async () => {
    const first = await runProgram(['demo'], { cwd: folder });
    expect(first.code).toBe(0);
    for (const table of ['messages', 'mentioned_messages', 'mentions', 'reactions', 'attachments', 'links', 'rooms']) {
      expect(first.stdout).toMatch(new RegExp(`^${table} +[\\d,]+( +[\\d.]+ k?M?B){3}$`, 'm'));
    }
    expect(first.stdout).toContain('FROM latest_messages GROUP BY room_id');

    const whole = await runHere(['verify', 'output/demo'], { cwd: folder });
    expect(whole).toMatchObject({ code: 0, stderr: '' });
    expect(whole.stdout).toMatch(/^output\/demo: 1 run, 30 files, .* as the manifests say\n/);

    const path = 'messages/run-000001-0001.csv';
    await appendFile(join(folder, 'output/demo', path), ' ');
    const changed = await runHere(['verify', 'output/demo', '--json'], { cwd: folder });
    expect(changed.code).toBe(2);
    expect(JSON.parse(changed.stdout)).toMatchObject({ runs: 1, differences: [{ path, problem: 'size' }] });
  });

  it('verify ends with 64 where there is no archive', async () => {
    const { code, stdout, stderr } = await runHere(['verify', 'nothing-here'], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^error: .*nothing-here/);
  });
});

describe('rocketchat-export demo --serve', () => {
  longIt('serves the sample workspace to other commands, and ends well on a signal', async () => {
    const bin = join(import.meta.dirname, '../../dist/bin.js');
    // Not startProgram: the token that it prints must come out nowhere else.
    const child = spawn(process.execPath, [bin, 'demo', '--serve'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.on('close', resolve));
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (!text.includes('npx rocketchat-export rooms\n')) continue;
      const env = Object.fromEntries(
        [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value]) => [name, value ?? '']),
      );
      const { code, stdout } = await runHere(['rooms'], { env });
      expect(code).toBe(0);
      expect(stdout).toMatch(/^private +ops-oncall /m);
      child.kill('SIGINT');
    }
    expect(await ended).toBe(0);
  });
});

describe('a terminal', () => {
  it.each(quickOrLong([60], [60, 80, 140]))(
    'of %i columns is wide enough for rooms, check, state and schema',
    async (columns) => {
      // The names count, and whether they are long: not the messages, most of which are in these.
      const longest = ['!ops-*', '!release-train', '!support-*', '!lunch-club', '!design-review'];
      const job = jobText({ rooms: ['*-*', '!none', ...longest], output: join(folder, 'out/terminal') });
      await writeFile(join(folder, 'terminal.yaml'), job);
      if (columns === 60) expect((await runHere(['run', 'terminal.yaml'], options)).code).toBe(0);
      for (const words of [['rooms'], ['check', 'terminal.yaml'], ['state', 'show', 'out/terminal'], ['schema']]) {
        const { code, stdout } = await runHere(words, { ...options, columns });
        expect(code).toBe(0);
        expect(stdout.split('\n').filter((line) => line.length > columns)).toEqual([]);
      }
    },
  );
});

describe('rocketchat-export rooms', () => {
  it('lists the rooms of the login, and no others', async () => {
    const table = await runHere(['rooms'], options);
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/^private +ops-oncall +pR4kTn8ZwQd2HsLcV +[\d,]+ +\d{4}-\d\d-\d\d/m);
    expect(table.stdout).not.toContain('salary-round');
    expect(await runHere(['rooms', '--quiet'], options)).toEqual({ ...table, stderr: '' });
    const json = await runHere(['rooms', '--json', '--quiet'], options);
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toContainEqual(
      expect.objectContaining({ name: 'project-lantern', archived: true }),
    );
  });

  it('ends with 64 without a login and names the variables', async () => {
    const { code, stderr } = await runHere(['rooms'], { cwd: folder, env: { ROCKETCHAT_URL: server.url } });
    expect(code).toBe(64);
    expect(stderr).toContain('ROCKETCHAT_AUTH_TOKEN');
  });
});

describe('rocketchat-export check', () => {
  it('says of every room whether it can be read, and writes nothing', async () => {
    await writeFile(join(folder, 'check.yaml'), jobText({ rooms: ['*-*'], output: 'out/check' }));
    const good = await runHere(['check', 'check.yaml'], options);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toMatch(/^groups\.messages +"\*-\*" +9$/m);
    expect(good.stdout).toMatch(/^groups\.messages +ops-oncall +[\d,]+ +ok$/m);
    expect(good.stdout).toMatch(/^groups\.history +project-lantern +ok$/m);

    refusedRoom = 'pR4kTn8ZwQd2HsLcV';
    const bad = await runHere(['check', 'check.yaml', '--json'], options);
    refusedRoom = null;
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('groups.messages cannot read "ops-oncall" (not-allowed)');
    expect(JSON.parse(bad.stdout)).toMatchObject({
      job: 'check',
      rooms: expect.arrayContaining([
        expect.objectContaining({ result: 'refused', reason: 'not-allowed' }),
        expect.objectContaining({ result: 'readable' }),
      ]),
    });
    expect(await filesBelow(join(folder, 'out/check'))).toEqual([]);
  });

  it('names the endpoint that a run requests where the job says via: history', async () => {
    const text = jobText({ rooms: ['ops-*'], output: 'out/by-time' });
    await writeFile(join(folder, 'by-time.yaml'), text.replace('    rooms:', '    via: history\n    rooms:'));
    const { stdout } = await runHere(['check', 'by-time.yaml'], options);
    expect(stdout).toMatch(/^groups\.history +"ops-\*" +\d+$/m);
    expect(stdout).not.toContain('groups.messages');

    refusedRoom = 'pR4kTn8ZwQd2HsLcV';
    const bad = await runHere(['check', 'by-time.yaml', '--json'], options);
    refusedRoom = null;
    expect(bad.stderr).toContain('groups.history cannot read "ops-oncall" (not-allowed)');
    const { entries, rooms } = JSON.parse(bad.stdout) as JobCheck;
    expect(entries).toMatchObject([{ endpoint: 'groups.messages', via: 'history' }]);
    expect(new Set(rooms.map(({ requested }) => requested))).toEqual(new Set(['groups.history']));
  });

  it('notes an exclusion that excludes nothing, and takes it for no error', async () => {
    await writeFile(join(folder, 'none.yaml'), jobText({ rooms: ['ops-*', '!ops-nois'], output: 'out/none' }));
    const { code, stdout, stderr } = await runHere(['check', 'none.yaml'], options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('note: "!ops-nois" of groups.messages excludes no room: none matches it.\n');
  });
});

describe('rocketchat-export export', () => {
  it('does without a job file what one would do', async () => {
    const args = ['export', '--rooms', 'design-*', '--format', 'csv,jsonl', '--tables', 'messages,', 'reactions'];
    const { code, stdout } = await runHere([...args, '--output', 'out/export', '--json'], options);
    expect(code).toBe(0);
    const result = runResultSchema.parse(JSON.parse(stdout));
    expect(result).toMatchObject({ job: 'export', run: 1, gaps: { count: 0 } });
    expect(Object.keys(result.rows)).toEqual(['messages', 'reactions']);
    expect(await filesBelow(join(folder, 'out/export/messages'))).toEqual([
      'run-000001-0001.csv',
      'run-000001-0001.jsonl',
    ]);
  });

  it('sums up what the log said when messages were read that make no row', async () => {
    const args = ['export', '--rooms', 'design-review', '--tables', 'message_versions', '--output', 'out/versions'];
    const { code, stdout, stderr } = await runHere(args, options);
    expect(code).toBe(0);
    expect(stderr).toContain('"design-review": 382 new messages');
    expect(stdout).toMatch(/^export: run 1, 382 new messages read, and no row for message_versions in them, /);
    expect(stdout).toMatch(/^new or changed in: design-review 382$/m);
    expect(stdout).not.toContain('nothing new');
    expect((await runHere(args, options)).stdout).toMatch(/^export: run 2, nothing new, no row was added, /);
  });

  it("reads rooms of every kind for '*', and plan and check say by which endpoint", async () => {
    // The rooms count here, not their messages.
    const few = quickOrLong(['--since', '2030-01-01'], []);
    const { code, stdout } = await runHere(
      ['export', '--rooms', '*', ...few, '--output', 'out/all', '--json'],
      options,
    );
    expect(code).toBe(0);
    const result = runResultSchema.parse(JSON.parse(stdout));
    const path = join(folder, 'out/all', result.manifest?.path ?? '');
    const { lists, gaps } = JSON.parse(await readFile(path, 'utf8')) as Pick<Manifest, 'lists' | 'gaps'>;
    expect(gaps).toEqual([]);
    const { stdout: listed } = await runHere(['rooms', '--json'], options);
    const readable = (JSON.parse(listed) as { id: string; withheld: string | null }[]).filter(
      ({ withheld }) => withheld === null,
    );
    expect(readable.length).toBeGreaterThan(10);
    expect(lists.map(({ room }) => room.id).toSorted()).toEqual(readable.map(({ id }) => id).toSorted());
    expect(new Set(lists.map(({ endpoint }) => endpoint))).toEqual(
      new Set(['groups.messages', 'channels.messages', 'im.messages']),
    );

    await writeFile(join(folder, 'kinds.yaml'), 'extract: [{ rooms: ["*"] }]\nsinks: [{ format: csv }]\n');
    const planned = await runHere(['plan', 'kinds.yaml'], options);
    expect(planned.stdout).toMatch(/^"\*" +groups\.messages +9 /m);
    expect(planned.stdout).toMatch(/^"\*" +channels\.messages +2 /m);
    expect(planned.stdout).toMatch(/^"\*" +im\.messages +1 /m);
    const checked = await runHere(['check', 'kinds.yaml'], options);
    expect(checked.stdout).toMatch(/^of the room's kind +"\*" +13$/m);
    expect(checked.stdout).toMatch(/^channels\.messages +general +[\d,]+ +ok$/m);
  });

  it('says which room was meant by #name, another case and a comma', async () => {
    for (const [word, meant] of [
      ['#general', 'did you mean "general"?'],
      ['@leila.h', 'did you mean "leila.h"?'],
      ['General', 'did you mean "general"?'],
      ['general,ops-oncall', 'commas do not separate rooms'],
    ] as const) {
      const { code, stderr } = await runHere(['export', '--rooms', word], options);
      expect({ code, stderr }).toEqual({ code: 78, stderr: expect.stringContaining(meant) });
    }
  });

  it('ends with 64 for a format and a number that are none, naming both', async () => {
    const args = ['export', '--rooms', '*', '--format', 'cvs', '--concurrency', 'many'];
    const { code, stderr } = await runHere(args, options);
    expect(code).toBe(64);
    expect(stderr).toContain('--format');
    expect(stderr).toContain('--concurrency');
  });
});

describe('rocketchat-export schema', () => {
  it('prints the columns for people and JSON Schema for programs', async () => {
    const text = await runHere(['schema', 'reactions'], { cwd: folder });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^emoji +string\? +reactions/m);
    const json = await runHere(['schema', '--json'], { cwd: folder });
    expect(JSON.parse(json.stdout)).toMatchObject({
      messages: { type: 'object', properties: { ts: { format: 'date-time' } } },
      rooms: { title: 'rooms' },
    });
  });
});
