import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A grammar of one engine: what is wrong with a text, in its words. */
interface Grammar {
  validate(sql: string): readonly { readonly message: string; readonly startLine: number }[];
}

/** Grammars of ANTLR, as the engines' own sources have them: Spark, Hive (tables of Athena) and Trino (its views). */
interface SqlGrammars {
  readonly SparkSQL: new () => Grammar;
  readonly HiveSQL: new () => Grammar;
  readonly TrinoSQL: new () => Grammar;
}

/** dt-sql-parser is written for bundlers: Node finds none of its modules. */
export async function loadSqlGrammar<Engine extends keyof SqlGrammars>(engine: Engine): Promise<SqlGrammars[Engine]> {
  const folder = await mkdtemp(join(tmpdir(), 'sql-grammars-'));
  try {
    const outfile = join(folder, 'grammars.mjs');
    await build({
      stdin: {
        contents: `export { ${engine} } from 'dt-sql-parser';`,
        resolveDir: join(import.meta.dirname, '../../..'),
      },
      ...{ bundle: true, format: 'esm', platform: 'node', logLevel: 'error', outfile },
    });
    return ((await import(outfile)) as SqlGrammars)[engine];
  } finally {
    await rm(folder, { recursive: true });
  }
}
