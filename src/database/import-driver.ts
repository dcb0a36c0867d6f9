import { errorCode, UsageError } from '../errors.ts';

/** The packages that databases need, which are installed by whoever uses them. Versions: those that the tests run with. */
const drivers = {
  pg: 'pg@8.23.1 pg-copy-streams@7.0.0',
  'pg-copy-streams': 'pg@8.23.1 pg-copy-streams@7.0.0',
  'node-sqlite3-wasm': 'node-sqlite3-wasm@0.8.60',
  '@duckdb/node-api': '@duckdb/node-api@1.5.6-r.1',
} as const;

/**
 * @param load brings the module, as `import` does
 * @param why a clause that completes the hint: what would make the package needless
 * @throws UsageError where the package is not installed
 */
export async function importDriver<Module>(
  name: keyof typeof drivers,
  load: () => Promise<Module>,
  why = '',
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    if (errorCode(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UsageError(`Cannot load to the database: the package ${name} is not installed`, {
      hint: `Run "npm install ${drivers[name]}" where rocketchat-export is installed (with --global if it is global)${why}`,
      cause,
    });
  }
}
