import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { importDriver } from '../../src/database/import-driver.ts';

const missing = Object.assign(new Error("Cannot find package 'pg'"), { code: 'ERR_MODULE_NOT_FOUND' });
const names = ['pg', 'pg-copy-streams', 'node-sqlite3-wasm', '@duckdb/node-api'] as const;
const { devDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

describe('a driver that is not installed', () => {
  it.each(names)(
    'is named, with the versions that the tests run with, and is installed by nobody else: %s',
    async (name) => {
      const error = importDriver(name, () => Promise.reject(missing), ', or do without');
      await expect(error).rejects.toMatchObject({
        exitCode: 64,
        message: `Cannot load to the database: the package ${name} is not installed`,
        hint: expect.stringMatching(
          new RegExp(
            `^Run "npm install (\\S+ )?${name}@${String(devDependencies?.[name])}( \\S+)?" where .* or do without$`,
          ),
        ),
      });
      expect(peerDependencies).toHaveProperty([name]);
      expect(peerDependenciesMeta).toHaveProperty([name, 'optional'], true);
    },
  );

  it('is no excuse for one that is broken', async () => {
    const broken = new SyntaxError('Unexpected token');
    await expect(importDriver('pg', () => Promise.reject(broken))).rejects.toBe(broken);
  });
});
