import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { OutputError, UsageError } from '../../src/errors.ts';
import { HealthFile } from '../../src/schedule/health-file.ts';
import { serveHealth, type HealthServer } from '../../src/schedule/health-server.ts';
import type { ScheduleEvent } from '../../src/schedule/schedule-event.ts';
import { createScheduleMetrics, type ScheduleMetrics } from '../../src/schedule/schedule-metrics.ts';
import { ScheduleStatus, type HealthReport } from '../../src/schedule/schedule-status.ts';

const jobs = [
  { name: 'nightly', schedule: '15 2 * * *', timezone: 'Europe/Berlin' },
  { name: 'weekly', schedule: '@weekly' },
];
const at = (text: string): number => Date.parse(`2026-01-01T${text}Z`);

let status: ScheduleStatus;
let metrics: ScheduleMetrics;
let server: HealthServer | undefined;
let nowMs: number;

beforeEach(() => {
  status = new ScheduleStatus(jobs);
  metrics = createScheduleMetrics(jobs.map(({ name }) => name));
  nowMs = at('00:00:00');
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function apply(event: ScheduleEvent): void {
  nowMs = event.atMs;
  status.apply(event);
  metrics.apply(event);
}

/** A run of `nightly` from an hour to half past it; the next one is due a day later. */
function run(hour: string, exitCode: number, messages = 0): void {
  const startedMs = at(`${hour}:00:00`);
  apply({ kind: 'waiting', job: 'nightly', atMs: startedMs, nextRunMs: startedMs + 86_400_000 });
  apply({ kind: 'started', job: 'nightly', atMs: startedMs });
  const requests = { 'groups.messages': { requests: 12, waitedMs: 1500 } };
  const published = exitCode > 1 ? null : { messages, gaps: exitCode, requests };
  const result = { exitCode, published };
  apply({ kind: 'ended', job: 'nightly', startedMs, atMs: at(`${hour}:30:00`), result });
}

async function get(path: string, method = 'GET'): Promise<{ status: number; text: string; type: string | null }> {
  server ??= await serveHealth({ port: 0, health: () => status.health(nowMs), metrics });
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
}

describe('the health of a schedule', () => {
  it('is well before the first run, and after one with gaps', async () => {
    expect((await get('/healthz')).status).toBe(200);
    run('02', 1);
    const { status: code, text, type } = await get('/healthz');
    expect({ code, type }).toEqual({ code: 200, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(text)).toEqual({
      ...{ version: 1, status: 'ok', reasons: [], updatedAt: '2026-01-01T02:30:00.000Z' },
      jobs: {
        nightly: {
          ...{ schedule: '15 2 * * *', timezone: 'Europe/Berlin', running: false, waiting: false },
          ...{ lastStart: '2026-01-01T02:00:00.000Z', lastEnd: '2026-01-01T02:30:00.000Z', lastExitCode: 1 },
          ...{ lastSuccess: '2026-01-01T02:30:00.000Z', nextRun: '2026-01-02T02:00:00.000Z' },
          ...{ consecutiveFailures: 0, skipped: 0 },
        },
        weekly: {
          ...{ schedule: '@weekly', timezone: null, running: false, waiting: false, lastStart: null, lastEnd: null },
          ...{ lastExitCode: null, lastSuccess: null, nextRun: null, consecutiveFailures: 0, skipped: 0 },
        },
      },
    });
  });

  it('fails for a job that is planned later than its rhythm allows, because a clock was wrong', async () => {
    apply({ kind: 'planned', job: 'nightly', atMs: at('00:00:00'), nextRunMs: Date.UTC(2099, 0, 1) });
    const { status: code, text } = await get('/healthz');
    expect(code).toBe(503);
    expect((JSON.parse(text) as HealthReport).reasons).toEqual([
      'nightly: planned for 2099-01-01T00:00:00.000Z, but due at 2026-01-01T01:15:00.000Z: the clock was set back',
    ]);
    // The next but one is fine: a run may have begun a moment before its time.
    apply({ kind: 'planned', job: 'nightly', atMs: at('00:00:00'), nextRunMs: Date.UTC(2026, 0, 2, 1, 15) });
    expect((await get('/healthz')).status).toBe(200);
  });

  it('fails while the last run did, and says how often in a row; an interruption is no failure', async () => {
    run('02', 0);
    run('03', 69);
    run('04', 75);
    run('05', 143);
    const failing = await get('/healthz');
    expect(failing.status).toBe(503);
    expect(JSON.parse(failing.text)).toMatchObject({
      status: 'failing',
      reasons: ['nightly: the last run ended with exit code 143, 2 in a row failed'],
      jobs: { nightly: { consecutiveFailures: 2, lastSuccess: '2026-01-01T02:30:00.000Z' } },
    });
    run('06', 0);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('fails when a run is overdue: whatever should start it hangs', async () => {
    apply({ kind: 'planned', job: 'weekly', atMs: nowMs, nextRunMs: at('01:00:00') });
    nowMs = at('01:04:00');
    expect((await get('/healthz')).status).toBe(200);
    nowMs = at('01:06:00');
    const { status: code, text } = await get('/healthz');
    expect(code).toBe(503);
    expect(text).toContain('weekly: due since 2026-01-01T01:00:00.000Z, and not started');
  });

  it('shows a job that waits for its turn', async () => {
    apply({ kind: 'waiting', job: 'weekly', atMs: at('01:00:00'), nextRunMs: at('02:00:00') });
    expect(JSON.parse((await get('/healthz')).text)).toMatchObject({
      jobs: { weekly: { waiting: true, running: false } },
    });
    expect((await get('/metrics')).text).toContain('rocketchat_export_waiting{job="weekly"} 1\n');
    apply({ kind: 'started', job: 'weekly', atMs: at('01:10:00') });
    expect(JSON.parse((await get('/healthz')).text)).toMatchObject({
      jobs: { weekly: { waiting: false, running: true } },
    });
    expect((await get('/metrics')).text).toContain('rocketchat_export_waiting{job="weekly"} 0\n');
  });

  it('counts for Prometheus', async () => {
    const before = await get('/metrics');
    expect(before.type).toContain('text/plain');
    expect(before.text).toContain('rocketchat_export_runs_total{job="weekly",exit_code="0"} 0\n');
    run('02', 0, 40);
    run('03', 1, 2);
    run('04', 77);
    apply({ kind: 'skipped', job: 'nightly', atMs: at('05:00:00'), nextRunMs: at('06:00:00'), busyWith: 'nightly' });
    const lines = (await get('/metrics')).text.split('\n');
    for (const line of [
      'runs_total{job="nightly",exit_code="0"} 1',
      'runs_total{job="nightly",exit_code="1"} 1',
      'runs_total{job="nightly",exit_code="77"} 1',
      'skipped_total{job="nightly"} 1',
      'messages_exported_total{job="nightly"} 42',
      'requests_total{job="nightly",endpoint="groups.messages"} 24',
      'rate_limit_wait_seconds_total{job="nightly",endpoint="groups.messages"} 3',
      `last_success_timestamp_seconds{job="nightly"} ${at('03:30:00') / 1000}`,
      'last_run_duration_seconds{job="nightly"} 1800',
      'gaps{job="nightly"} 1',
      'running{job="nightly"} 0',
      `next_run_timestamp_seconds{job="nightly"} ${at('06:00:00') / 1000}`,
    ])
      expect(lines).toContain(`rocketchat_export_${line}`);
  });

  it('answers nothing else, on no other address', async () => {
    expect(await get('/')).toMatchObject({ status: 404, text: 'Expected /healthz or /metrics\n' });
    expect((await get('/healthz', 'POST')).status).toBe(405);
    expect(await get('/healthz', 'HEAD')).toMatchObject({ status: 200, text: '' });
    const port = server?.port ?? 0;
    const second = serveHealth({ port, health: () => status.health(nowMs), metrics });
    await expect(second).rejects.toBeInstanceOf(UsageError);
    await expect(second).rejects.toThrow(`Cannot listen on 127.0.0.1:${port}: EADDRINUSE`);
  });
});

describe('the health file', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'health-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('holds the newest report, whole, and nothing lies beside it', async () => {
    const path = join(folder, 'health.json');
    const file = new HealthFile(nodeDisk, path);
    run('02', 0);
    void file.write(status.health(at('02:31:00')));
    void file.write(status.health(at('02:32:00')));
    void file.write(status.health(at('02:33:00')));
    await file.settled();
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(status.health(at('02:33:00')));
    expect(await readdir(folder)).toEqual(['health.json']);
  });

  it('is written again after a time when it could not be', async () => {
    const file = new HealthFile(nodeDisk, join(folder, 'later', 'health.json'));
    await expect(file.write(status.health(nowMs))).rejects.toBeInstanceOf(OutputError);
    await nodeDisk.makeFolder(join(folder, 'later'));
    await file.write(status.health(nowMs));
    expect(await readdir(join(folder, 'later'))).toEqual(['health.json']);
  });
});
