import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DuckDbReader } from '../../support/sinks/duckdb-reader.ts';
import { person, withPeople } from '../../support/workspaces/people-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const tables = ['messages', 'users', 'room_members', 'rooms'] as const;
/** The first two are keys of lists; messages are told apart by `message_id`, which `Versions` asks row by row. */
const cases: readonly { readonly column: string; readonly refused: readonly string[] }[] = [
  { column: 'room_id', refused: ['room_members', 'rooms'] },
  { column: 'user_id', refused: ['users', 'room_members'] },
  { column: 'op', refused: tables },
];

describe('rows whose job dropped what says which of them are current', () => {
  it.each(cases.slice(quickOrLong(2, 0)))(
    'are refused once a second run has some, and not given double: $column',
    async ({ column, refused }) => {
      await withPeople(async ({ workspace, room, post, run, latest, archive }) => {
        post('ops');
        post('general', 'bob');
        // No message has a link: the file without rows lacks the column, too.
        const transform = {
          tables: [...tables, 'links'] as const,
          steps: [{ kind: 'dropColumns' as const, columns: [column] }],
        };
        await run({ transform });
        // Of one run alone everything is current.
        expect(await latest('users')).toHaveLength(4);
        workspace.setUser(person('ana', { username: 'ana.new' }));
        room('general').memberIds.delete('bob');
        room('ops').name = 'ops-2';
        room('general').remove('m2', Date.now());
        post('general');
        post('ops');
        await run({ transform });

        for (const table of tables) {
          const outcome = await latest(table).then(
            () => 'read',
            (error: unknown) => String(error),
          );
          expect([table, outcome]).toEqual([
            table,
            refused.includes(table) ? expect.stringContaining(`rows of it lack "${column}"`) : 'read',
          ]);
        }
        const duckDb = await DuckDbReader.open();
        try {
          await duckDb.query(`SET file_search_path = '${archive}'`);
          await duckDb.query(await readFile(join(archive, '_view/schema/views.sql'), 'utf8'));
          const views = await duckDb.query('SELECT view_name FROM duckdb_views() WHERE NOT internal');
          const names = views.map(({ view_name }) => view_name);
          expect(names.includes('latest_links')).toBe(column !== 'op');
          for (const table of tables) {
            expect(names).toContain(table);
            expect([table, names.includes(`latest_${table}`)]).toEqual([table, !refused.includes(table)]);
          }
        } finally {
          duckDb.close();
        }
      });
    },
  );
});
