import { describe, expect, it } from '@jest/globals';
import { postgresFailure } from '../../../src/database/postgres/postgres-failure.ts';
import { DifferenceError } from '../../../src/errors.ts';

const error = (code: string, message = 'it says why'): Error => Object.assign(new Error(message), { code });

describe('what went wrong with PostgreSQL', () => {
  it.each([
    [error('ECONNREFUSED'), false, 69],
    [error('ENOTFOUND'), false, 69],
    [new Error('timeout expired'), false, 69],
    [error('57P03', 'the database system is starting up'), false, 69],
    [error('28P01'), false, 77],
    [error('28000'), false, 77],
    [new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'), false, 77],
    [error('42501', 'permission denied for schema public'), true, 77],
    [error('3D000'), false, 64],
    [error('53100', 'could not extend file'), true, 73],
    [error('53300', 'too many connections'), false, 75],
    [error('57P01'), true, 75],
    [error('ECONNRESET'), true, 75],
    [error('EPIPE', 'write EPIPE'), true, 75],
    [error('EPROTO'), false, 69],
    [error('XX000', 'internal error'), true, 73],
    [error('54000', 'index row size 5360 exceeds btree version 4 maximum 2704 for index "messages_key"'), true, 73],
    [error('2BP01', 'cannot drop view latest_messages because other objects depend on it'), true, 64],
    [new Error('Connection terminated unexpectedly'), true, 75],
    [error('22P02', 'invalid input'), true, 73],
  ])('%s, connected %s: exit %i', (cause, isConnected, exitCode) =>
    expect(postgresFailure(cause, 'postgres://a@b/c', isConnected)).toMatchObject({
      exitCode,
      message: expect.stringContaining('"postgres://a@b/c": '),
      hint: expect.stringMatching(/./),
    }),
  );

  it.each([
    ['3D000', /createdb/],
    ['3F000', /CREATE SCHEMA/],
  ])('says what is to be made where something is missing: %s', (code, hint) =>
    expect(postgresFailure(error(code), 'postgres://a@b/c', false)).toMatchObject({
      hint: expect.stringMatching(hint),
    }),
  );

  it('leaves alone what is not of PostgreSQL', () => {
    const other = new DifferenceError('a file is damaged');
    expect(postgresFailure(other, 'postgres://a@b/c', true)).toBe(other);
  });
});
