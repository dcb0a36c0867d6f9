import { describe, expect, it } from '@jest/globals';
import { databaseTarget, refusePassword } from '../../../src/model/run/database-target.ts';
import { failureOf } from '../../../src/cli/log/report-error.ts';

const refusalOf = (text: string): ReturnType<typeof failureOf> => {
  try {
    refusePassword(databaseTarget(text));
  } catch (error) {
    return failureOf(error);
  }
  throw new Error(`Nothing was refused of ${text}`);
};

describe('where --to leads', () => {
  it.each([
    ['postgres://archive@db.example.com:5433/chat?sslmode=require', 'postgres'],
    ['postgresql:///chat?host=/run/postgresql&user=archive', 'postgres'],
    ['sqlite:chat.db', 'sqlite'],
    ['sqlite:/srv/a:b.db', 'sqlite'],
    ['duckdb:chat.duckdb', 'duckdb'],
  ])('%s', (text, kind) => expect(refusePassword(databaseTarget(text)).kind).toBe(kind));

  it('takes what stands behind the colon for the name of a file, as it is', () =>
    expect(databaseTarget('sqlite:/srv/a:b c%20.db')).toEqual({ kind: 'sqlite', path: '/srv/a:b c%20.db' }));

  it.each([
    '',
    'chat.db',
    'sqlite:',
    'duckdb:',
    'sqlite::memory:',
    'duckdb::memory:',
    'duckdb::memory:name',
    'mysql://root:secret@host/db',
    'postgres:chat',
    'postgres://a b/c',
  ])('is nowhere: %j', (text) => {
    const { exitCode, message, hint } = refusalOf(text);
    expect({ exitCode, hint }).toEqual({ exitCode: 64, hint: expect.stringContaining('Expected postgres://') });
    expect(message).not.toContain('secret');
  });

  it('shows a file whose kind of database is not named, and nothing that may hold a password', () => {
    const { message, hint } = refusalOf('chat.db');
    expect(message).toContain('"chat.db"');
    expect(hint).toContain('sqlite:chat.db');
    for (const text of ['Archive:hunter22@db', 'host=db user=archive password=hunter22'])
      expect(refusalOf(text).message).not.toContain('hunter22');
  });

  it.each([
    'postgres://archive:hunter22@db.example.com/chat',
    'postgres://db.example.com/chat?user=archive&password=hunter22',
    'postgres://:hunter22@db.example.com/chat',
  ])('is no place for a password: %s', (text) => {
    const { exitCode, message, hint = '' } = refusalOf(text);
    expect(exitCode).toBe(64);
    expect(hint).toMatch(/PGPASSWORD.*~\/\.pgpass.*PGPASSFILE/);
    expect(message + hint).not.toContain('hunter22');
  });
});
