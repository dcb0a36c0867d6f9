import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { exitCodes } from '../../../src/errors.ts';
import { loadJob } from '../../../src/job/load-job.ts';
import { argumentsProblem } from '../program/arguments-problem.ts';
import { textOf } from '../documents.ts';
import { root } from '../generated.ts';

const folder = join(root, 'deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
/** After these the same command would fail again. */
const hopeless = [
  exitCodes.difference,
  exitCodes.usage,
  exitCodes.bug,
  exitCodes.output,
  exitCodes.access,
  exitCodes.job,
];

/** A unit's settings, each with all its values. */
function settingsOf(unit: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const [, name = '', value = ''] of read(unit).matchAll(/^(\w+)=(.*)$/gm))
    settings.set(name, [...(settings.get(name) ?? []), value]);
  return settings;
}

const services = ['rocketchat-export@.service', 'rocketchat-export-schedule.service'];
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

it('docs/operations.md names every file of deploy/', () => {
  for (const name of readdirSync(folder)) expect(textOf('docs/operations.md')).toContain(`](../deploy/${name})`);
});

describe.each(services)('the unit %s', (unit) => {
  it('runs a command that there is, with flags that it has', async () => {
    const [program, ...words] = settingsOf(unit).get('ExecStart')?.[0]?.split(' ') ?? [];
    expect(program).toBe('/usr/local/bin/rocketchat-export');
    expect(await argumentsProblem(words)).toBeUndefined();
  });

  it('is not started again where that would not help, and is where it does', () => {
    const prevented = settingsOf(unit).get('RestartPreventExitStatus')?.[0]?.split(' ').map(Number) ?? [];
    for (const code of [exitCodes.unreachable, exitCodes.stopped]) expect(prevented).not.toContain(code);
    expect(prevented).toEqual(
      expect.arrayContaining([exitCodes.usage, exitCodes.bug, exitCodes.output, exitCodes.job]),
    );
  });

  (hasSystemd ? it : it.skip)('is taken by systemd, which finds it hardly exposed (needs systemd-analyze)', () => {
    const copies = mkdtempSync(join(tmpdir(), 'units-'));
    try {
      // The program is not installed on this machine.
      for (const name of readdirSync(folder).filter((file) => /\.(service|timer)$/.test(file))) {
        writeFileSync(join(copies, name), read(name).replace('/usr/local/bin/rocketchat-export', process.execPath));
      }
      const analyze = (...args: readonly string[]): unknown => {
        const { status, stdout, stderr } = spawnSync('systemd-analyze', [...args], { cwd: copies, encoding: 'utf8' });
        return status === 0 ? stderr : `${stdout}${stderr}`;
      };
      const instance = (name: string): string => `./${name.replace('@', '@nightly-archive')}`;
      expect(analyze('verify', '--man=no', instance(unit))).toBe('');
      if (unit === services[0]) expect(analyze('verify', '--man=no', instance('rocketchat-export@.timer'))).toBe('');
      // Of 0 to 10, in tenths.
      expect(analyze('security', '--offline=true', '--no-pager', '--threshold=18', unit)).toBe('');
    } finally {
      rmSync(copies, { recursive: true });
    }
  });
});

interface Service {
  readonly command: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly secrets: readonly string[];
}

it('compose.yaml runs commands that there are, with a read-only root and no capability', async () => {
  const { services: composed, secrets } = parse(read('compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly secrets: Readonly<Record<string, unknown>>;
  };
  expect(Object.keys(composed)).toEqual(['schedule', 'run']);
  for (const service of Object.values(composed)) {
    expect(await argumentsProblem(service.command)).toBeUndefined();
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(Object.keys(secrets)).toEqual(service.secrets);
  }
  const [, shown = ''] = /run --rm run (.*)/.exec(read('compose.yaml').replace('run --rm run  ', '')) ?? [];
  expect(shown).not.toBe('');
  expect(await argumentsProblem(shown.split(' '))).toBeUndefined();
});

it('compose.workers.yaml runs commands that there are, with a Redis that drops nothing and the packages that are tested', async () => {
  const text = read('compose.workers.yaml');
  const { services: composed } = parse(text, { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  const { redis, ...own } = composed;
  expect(redis?.command).toEqual(['redis-server', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction']);
  expect(Object.keys(own)).toEqual(['worker', 'run']);
  for (const service of Object.values(own)) {
    expect(await argumentsProblem(service.command)).toBeUndefined();
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  }
  const [packages = ''] = /bullmq@\S+ ioredis@\S+/.exec(text) ?? [];
  expect(readFileSync(join(root, 'src/queue/redis/open-redis.ts'), 'utf8')).toContain(`'${packages}'`);
});

it.each([
  ['cronjob.yaml', 'FailJob'],
  ['indexed-job.yaml', 'FailIndex'],
])(
  '%s runs a command that there is, as nobody in particular, and gives up only where it must',
  async (file, action) => {
    const job = parse(read(file)) as {
      readonly kind: string;
      readonly spec: {
        readonly concurrencyPolicy: string;
        readonly jobTemplate: {
          readonly spec: {
            readonly podFailurePolicy: {
              readonly rules: readonly [
                { readonly action: string; readonly onExitCodes: { readonly values: readonly number[] } },
              ];
            };
            readonly template: {
              readonly spec: {
                readonly restartPolicy: string;
                readonly securityContext: unknown;
                readonly containers: readonly [{ readonly args: readonly string[]; readonly securityContext: unknown }];
              };
            };
          };
        };
      };
    };
    const { spec } = job.spec.jobTemplate;
    const [container] = spec.template.spec.containers;
    expect(job).toMatchObject({ kind: 'CronJob', spec: { concurrencyPolicy: 'Forbid' } });
    // Kubernetes takes a podFailurePolicy with this policy only.
    expect(spec.template.spec.restartPolicy).toBe('Never');
    expect(await argumentsProblem(container.args)).toBeUndefined();
    expect(container.securityContext).toEqual({
      ...{ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      capabilities: { drop: ['ALL'] },
    });
    expect(spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true });
    expect(spec.podFailurePolicy.rules[0].action).toBe(action);
    expect(spec.podFailurePolicy.rules[0].onExitCodes.values).toEqual([exitCodes.gaps, ...hopeless]);
  },
);

it('indexed-job.yaml has a pod for each index, which runs the file of its number', async () => {
  const job = parse(read('indexed-job.yaml')) as {
    readonly spec: { readonly jobTemplate: { readonly spec: Readonly<Record<string, unknown>> } };
  };
  // Kubernetes takes the action FailIndex with a limit per index, and that with indices only.
  expect(job.spec.jobTemplate.spec).toMatchObject({
    completionMode: 'Indexed',
    completions: 4,
    backoffLimitPerIndex: 6,
  });
  expect(read('indexed-job.yaml')).toContain('jobs/$(JOB_COMPLETION_INDEX).yaml');
  const shown = [...read('indexed-job.yaml').matchAll(/^# {3}(.*)$/gm)].map(([, line = '']) => line).join('\n');
  const cwd = mkdtempSync(join(tmpdir(), 'indexed-'));
  try {
    writeFileSync(join(cwd, 'shards.yaml'), `extract: [{ rooms: ['*'] }]\nsinks: [{ format: csv }]\n${shown}\n`);
    const env = { ROCKETCHAT_URL: 'https://x.example', ROCKETCHAT_USER_ID: 'u', ROCKETCHAT_AUTH_TOKEN: 't' };
    const loaded = await loadJob('shards.yaml', { ...env, JOB_COMPLETION_INDEX: '3' }, cwd);
    expect(loaded).toMatchObject({ shard: { index: 3, count: 4 }, output: join(cwd, 'shard-3') });
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

it('meltano.yml has a tap that hands over the state and nothing else', () => {
  const project = parse(read('meltano.yml')) as {
    readonly plugins: {
      readonly extractors: readonly [{ readonly executable: string; readonly capabilities: unknown }];
    };
  };
  const [tap] = project.plugins.extractors;
  expect(tap.capabilities).toEqual(['state']);
  const programs = mkdtempSync(join(tmpdir(), 'tap-'));
  try {
    writeFileSync(join(programs, 'rocketchat-export'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const env = { ARCHIVE: 'my archive', PATH: `${programs}:/usr/bin:/bin` };
    const call = (...args: readonly string[]) =>
      spawnSync(join(folder, tap.executable), args, { env, encoding: 'utf8' });
    expect(call('--config', 'c').stdout.split('\n')).toEqual(['emit', 'my archive', '--protocol', 'singer', '']);
    const later = call('--config', 'c', '--catalog', 'x', '--state', 'a state').stdout.split('\n');
    expect(later).toEqual(['emit', 'my archive', '--protocol', 'singer', '--state', 'a state', '']);
    expect(call('--discover').status).toBe(exitCodes.usage);
  } finally {
    rmSync(programs, { recursive: true });
  }
});

it('the connector for Airbyte runs a command that there is, as the environment says it, too', async () => {
  const lines = read('airbyte.Dockerfile');
  const [, ...words] = (JSON.parse(/^ENTRYPOINT (.*)$/m.exec(lines)?.[1] ?? '') as readonly string[]).slice(2);
  expect(/AIRBYTE_ENTRYPOINT="(.*)"/.exec(lines)?.[1]).toBe(`rocketchat-export ${words.join(' ')}`);
  expect(await argumentsProblem([...words, 'read', '--config', 'c', '--catalog', 'k', '--state', 's'])).toBeUndefined();
});

it('the image is not run by root, has an init, and by itself keeps the time with a health check on its port', async () => {
  const dockerfile = read('Dockerfile').replaceAll('\\\n', ' ');
  const last = (instruction: string): string =>
    [...dockerfile.matchAll(new RegExp(`^ *${instruction} +(.*)$`, 'gm'))].at(-1)?.[1] ?? '';
  const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(stages).toEqual(['node:${NODE}', 'node:${NODE}']);
  expect(last('USER')).toBe('node');
  expect(JSON.parse(last('ENTRYPOINT'))).toEqual(['tini', '--', 'rocketchat-export']);
  const command = JSON.parse(/^CMD (.*)$/m.exec(dockerfile)?.[1] ?? '') as readonly string[];
  expect(await argumentsProblem(command)).toBeUndefined();
  expect(last('HEALTHCHECK')).toContain(`127.0.0.1:${command[command.indexOf('--listen') + 1] ?? ''}/healthz`);
});
