import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { jobFingerprint } from '../../src/job/fingerprint.ts';
import type { Job } from '../../src/job/job.ts';
import { parseTimestampMs } from '../../src/job/schema/timestamp.ts';
import { failure } from '../support/failure.ts';
import { env, jobFolder, shortest } from '../support/program/job-folder.ts';

const folder = jobFolder();
const key = 'k3y-of-the-test!';
const variables = { ...env, KEY: key };

const withSteps = (steps: string): string => `${shortest}transform:\n  steps:\n    ${steps}\n`;
const extract = 'extract: [{ endpoint: groups.messages, rooms: ["*"] }]\n';

describe('the steps of a job file', () => {
  it('are taken in their order, as the load half wants them', async () => {
    const steps = [
      ...[
        '- dropSystemMessages: true',
        '- { since: 2024-01-31, until: 2024-01-31T18:00:00+01:00 }',
        '- until: 2025-01-01',
      ],
      ...['- dropColumns: [extra, md, extra]', '- pseudonymize: { key: "${KEY}" }'],
      '- { use: ./step.js, options: { deep: [{ key: "a ${KEY}", n: 1 }] } }',
    ];
    const job = await folder.load(withSteps(steps.join('\n    ')), variables);
    expect(job.transform.steps).toEqual([
      { kind: 'dropSystemMessages' },
      { kind: 'period', sinceMs: Date.UTC(2024, 0, 31), untilMs: Date.UTC(2024, 0, 31, 17) },
      { kind: 'period', sinceMs: null, untilMs: Date.UTC(2025, 0, 1) },
      { kind: 'dropColumns', columns: ['extra', 'md'] },
      { kind: 'pseudonymize', key },
      {
        kind: 'use',
        plugin: {
          use: './step.js',
          cwd: folder.path(),
          options: { deep: [{ key: `a ${key}`, n: 1 }] },
          writtenOptions: { deep: [{ key: 'a ${KEY}', n: 1 }] },
        },
      },
    ]);
  });

  it.each([
    [
      'a step nobody knows',
      '- dropSystemMesages: true',
      'dropSystemMesages: unknown key\n    Did you mean "dropSystemMessages"?',
    ],
    ['an empty entry', '- {}', 'steps[0]: is empty, expected one step'],
    [
      'two steps in one entry',
      '- { dropSystemMessages: true, since: 2024-01-01 }',
      'steps[0]: holds several steps, expected one in each entry of the list',
    ],
    ['options of nothing', '- options: {}', 'steps[0]: has options without a module, expected the key "use"'],
    ['a switch that is off', '- dropSystemMessages: false', 'dropSystemMessages: is false, expected true'],
    ['no day', '- since: 2024-02-30', 'since: is "2024-02-30", expected a date (2024-01-31) or a time with its zone'],
    ['a time without a zone', '- until: 2024-02-01T00:00:00', 'expected a date (2024-01-31) or a time with its zone'],
    [
      'a period of nothing',
      '- { since: 2024-01-02, until: 2024-01-02 }',
      'steps[0].since: is "2024-01-02", which is not before until "2024-01-02"',
    ],
    ['no list of columns', '- dropColumns: md', 'dropColumns: is "md", expected a list of at least one'],
    ['options that are no map', '- { use: ./x.js, options: 5 }', 'options: expected keys with values'],
  ])('with %s are refused', async (_, steps, problem) => {
    expect((await failure(folder.load(withSteps(steps)))).message).toContain(problem);
  });

  it.each(['- pseudonymize: { key: hunter22 }', '- pseudonymize: hunter22', '- pseudonymize: { key: [hunter22] }'])(
    'never show a key, not even one written into the file: %s',
    async (steps) => {
      const error = await failure(folder.load(withSteps(steps)));
      expect(error.message).toContain('pseudonymize');
      expect(inspect(error)).not.toContain('hunter22');
    },
  );

  it('do not go with raw pages when they hide names', async () => {
    const text = `${withSteps('- pseudonymize: { key: "${KEY}" }')}raw: keep\n`;
    expect((await failure(folder.load(text, variables))).message).toContain(
      'raw: is "keep", which keeps the names that "pseudonymize" takes out, expected one of the two',
    );
  });
});

describe('a sink of one’s own in a job file', () => {
  it('is an entry with `use` instead of a format, several of one module if need be', async () => {
    const job = await folder.load(`${extract}sinks: [{ use: a }, { use: a, options: { n: 1 } }, { format: csv }]\n`);
    const plugin = { use: 'a', cwd: folder.path(), options: {}, writtenOptions: {} };
    expect(job.sinks).toEqual([
      { format: 'plug-in', plugin },
      { format: 'plug-in', plugin: { ...plugin, options: { n: 1 }, writtenOptions: { n: 1 } } },
      { format: 'csv' },
    ]);
  });

  it.each([
    ['a misspelt key', '{ use: a, optoins: {} }', 'sinks[0].optoins: unknown key\n    Did you mean "options"?'],
    ['a format as well', '{ format: csv, use: a }', 'sinks[0].use: does not belong here'],
    [
      'an empty module',
      '{ use: "" }',
      'sinks[0].use: is "", expected a path such as "./my-plugin.mjs" or the name of a package',
    ],
    ['neither', '{ options: {} }', 'sinks[0].format: missing, expected one of "parquet", "csv", "jsonl"'],
  ])('with %s is refused', async (_, sink, problem) => {
    expect((await failure(folder.load(`${extract}sinks: [${sink}]\n`))).message).toContain(problem);
  });
});

describe('the layout in a job file', () => {
  it('is as written, and left out when it is not', async () => {
    expect(await folder.load(`${shortest}partition: month\nrowsPerFile: 5\n`)).toMatchObject({
      partition: 'month',
      rowsPerFile: 5,
    });
    expect(Object.keys(await folder.load(shortest))).not.toContain('partition');
  });

  it.each([
    ['partition: mont', 'partition: is "mont", expected one of "none", "room", "month"\n    Did you mean "month"?'],
    ['rowsPerFile: 0', 'rowsPerFile: is 0, expected a whole number from 1 to 100000000'],
  ])('%s is refused', async (line, problem) => {
    expect((await failure(folder.load(`${shortest}${line}\n`))).message).toContain(problem);
  });
});

describe('the fingerprint of a job', () => {
  const fingerprint = async (rest: string, value = key): Promise<string> =>
    jobFingerprint(await folder.load(`${shortest}${rest}`, { ...variables, KEY: value }));

  it('changes with steps, keys, plug-ins and layout, and not with their defaults or values of variables', async () => {
    const plain = await fingerprint('');
    expect(await fingerprint('partition: none\nrowsPerFile: 1000000\ntransform: { steps: [] }\n')).toBe(plain);
    const pseudonymize = 'transform: { steps: [{ pseudonymize: { key: "${KEY}" } }] }\n';
    const use = 'transform: { steps: [{ use: ./a.js, options: { x: "${KEY}" } }] }\n';
    const different = [await fingerprint(pseudonymize, `${key}!`)];
    for (const rest of [
      ...['partition: room\n', 'rowsPerFile: 5\n', pseudonymize, use, use.replace('./a.js', './b.js')],
      ...[use.replace('${KEY}', 'literal'), 'transform: { steps: [{ dropSystemMessages: true }] }\n'],
    ]) {
      different.push(await fingerprint(rest));
    }
    expect(new Set([plain, ...different]).size).toBe(different.length + 1);
    expect(await fingerprint(use, 'another value')).toBe(await fingerprint(use));
  });

  it('goes on under another current folder', async () => {
    const job: Job = await folder.load(`${extract}sinks: [{ use: ./a.js }]\n`);
    const moved = job.sinks.map((sink) =>
      sink.format === 'plug-in' ? { ...sink, plugin: { ...sink.plugin, cwd: '/elsewhere' } } : sink,
    );
    expect(jobFingerprint({ ...job, sinks: moved })).toBe(jobFingerprint(job));
  });
});

describe('parseTimestampMs', () => {
  it.each([
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2024-02-29T23:30Z', Date.UTC(2024, 1, 29, 23, 30)],
    ['2024-02-29T23:30:01.5-02:00', Date.UTC(2024, 2, 1, 1, 30, 1, 500)],
    ['2023-02-29', undefined],
    ['2024-02-31T00:00:00Z', undefined],
    ['2024-13-01', undefined],
    ['2024-1-1', undefined],
    ['2024', undefined],
    ['2024-01-01T00:00', undefined],
    ['2024-01-01T25:00:00Z', undefined],
    ['yesterday', undefined],
  ])('%s', (text, ms) => {
    expect(parseTimestampMs(text)).toBe(ms);
  });
});
