import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { jobJsonSchema, jobJsonSchemaText, type JsonSchemaNode } from '../../src/job/schema/job-json-schema.ts';
import { filesTableName, tableNames } from '../../src/model/table-name.ts';
import { sinks } from '../../src/sinks/sinks.ts';
import { shippedJob } from '../support/program/shipped-job.ts';

const jobs = join(import.meta.dirname, '../../jobs');
const jobFiles = readdirSync(jobs).filter((name) => name.endsWith('.yaml'));
const guide = readFileSync(join(jobs, 'README.md'), 'utf8');
const keysDocument = readFileSync(join(jobs, '../docs/job-file.md'), 'utf8');
const contributing = readFileSync(join(jobs, '../CONTRIBUTING.md'), 'utf8');

/** Every key of a job, with the section of docs/job-file.md that explains it and its schema. */
function keysOf(schema: JsonSchemaNode, section: string): { section: string; key: string; schema: JsonSchemaNode }[] {
  const items = typeof schema.items === 'object' && !Array.isArray(schema.items) ? [schema.items] : [];
  const options = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...items];
  return [
    ...options.flatMap((option) => keysOf(option, section)),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
      typeof value === 'object' ? [{ section, key, schema: value }, ...keysOf(value, key)] : [],
    ),
  ];
}

const keys = keysOf(jobJsonSchema(), 'Keys');

describe('jobs/', () => {
  it.each(jobFiles)('%s is a job', async (name) => {
    const { job, cwd } = await shippedJob(name);
    expect(`${job.name}.yaml`).toBe(name);
    expect(job.output).toBe(join(cwd, 'output', job.name));
    expect(guide).toContain(`(${name})`);
  });

  it.each(jobFiles)('%s is right in an editor, before any variable is known', (name) => {
    const text = readFileSync(join(jobs, name), 'utf8');
    expect(text.startsWith('# yaml-language-server: $schema=./job.schema.json\n')).toBe(true);
    const editor = z.fromJSONSchema(jobJsonSchema());
    expect(editor.safeParse(parse(text)).error?.issues).toBeUndefined();
  });

  it('demo.yaml shows every table, format and endpoint', async () => {
    const { job: demo } = await shippedJob('demo.yaml');
    expect(demo.transform.tables).toEqual(tableNames.filter((name) => name !== filesTableName));
    expect(demo.sinks.map(({ format }) => format)).toEqual(Object.keys(sinks));
    expect(demo.extract.map(({ endpoint }) => endpoint)).toEqual([undefined, 'chat.getMentionedMessages']);
  });

  it('job.schema.json is the schema of the program; CONTRIBUTING.md says how to write it again', () => {
    expect(readFileSync(join(jobs, 'job.schema.json'), 'utf8')).toBe(jobJsonSchemaText());
    expect(contributing).toContain('m.jobJsonSchemaText()');
  });

  it.each(keys)(
    'docs/job-file.md explains $section / $key, and the schema has words for it',
    ({ section, key, schema }) => {
      const [, afterTitle = ''] = keysDocument.split(new RegExp(`^##+ ${section}$`, 'm'));
      const [table = ''] = afterTitle.split(/^##/m);
      const row = table.split('\n').find((line) => line.startsWith(`| \`${key}\``)) ?? '';
      expect(row).not.toBe('');
      // What chooses an option needs no words of its own: the option has them.
      if (schema.const === undefined || key === 'md' || key === 'raw') expect(schema.description).toMatch(/\.$/);
      const shown = schema.default;
      if (typeof shown === 'number' || typeof shown === 'boolean' || typeof shown === 'string')
        expect(row).toContain(`\`${shown}\``);
      for (const choice of schema.enum ?? []) expect(row).toContain(`\`${String(choice)}\``);
    },
  );

  it('docs/job-file.md explains no key that is gone', () => {
    const rows = [...(keysDocument.split('\n## Variables')[0]?.matchAll(/^\| `(\w+)`/gm) ?? [])].map(([, key]) => key);
    expect(rows.filter((key) => !keys.some((known) => known.key === key))).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
  });
});
