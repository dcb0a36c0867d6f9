import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ColumnSpec } from '../../src/model/column.ts';
import { listTables, messageTables, schemaVersion } from '../../src/tables/tables.ts';

const fixture = new URL(`../fixtures/schema-v${schemaVersion}.json`, import.meta.url);

/** A column in one line, as people read it: `reactions list<struct{emoji string, …}>`. */
function line({ name, type, nullable }: ColumnSpec): string {
  const names = { strings: 'list<string>' } as const;
  const typeName =
    type.kind === 'structs'
      ? `list<struct{${type.fields.map((f) => `${f.name} ${f.kind === 'strings' ? names.strings : f.kind}`).join(', ')}}>`
      : type.kind === 'strings'
        ? names.strings
        : type.kind;
  return `${name} ${typeName}${nullable ? '?' : ''}`;
}

describe('the schema', () => {
  it(`is the one that files of version ${schemaVersion} were written with`, () => {
    const tables = [...Object.values(messageTables({ md: true })), ...Object.values(listTables())];
    const now = Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map(line)]));
    if (process.env['WRITE_SCHEMA'] === '1') writeFileSync(fixture, `${JSON.stringify(now, null, 2)}\n`);
    const published = JSON.parse(readFileSync(fixture, 'utf8')) as Record<string, string[]>;
    const help =
      'The columns are not those that people have in their files. New columns go to the end of a table: then add the ' +
      `same lines to ${fixture.pathname}. Any other change breaks readers: raise schemaVersion, write a new fixture ` +
      'beside this one, and tell in the changelog what to do.';
    expect({ help, tables: now }).toEqual({ help, tables: published });
  });
});
