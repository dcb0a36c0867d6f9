// node duckdb-process.js <statement>: what DuckDB takes for the same work, measured like the program.
import { DuckDBInstance } from '@duckdb/node-api';

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(process.argv[2]);
connection.closeSync();
