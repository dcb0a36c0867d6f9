import { verifyArchive } from '../../../../src/archive/verify/verify.ts';
import { currentTable, currentTableNames, type CurrentTableName } from '../../../../src/snapshot/current-table.ts';
import type { Disk } from '../../../../src/system/disk.ts';
import type { ArchiveRows } from './archive-rows.ts';
import type { Row } from './truth-lines.ts';

/** Where `verify` finds something, and where `latest` writes other rows than those that the greatest `run` says are current. */
export async function latestProblems(
  disk: Disk,
  archive: string,
  rows: ArchiveRows,
  tables: readonly CurrentTableName[] = currentTableNames,
): Promise<readonly string[]> {
  const { differences } = await verifyArchive(archive, { disk });
  const problems = differences.map((difference) => `verify: ${JSON.stringify(difference)}`);
  for (const name of tables) {
    const latest: string[] = [];
    try {
      for await (const batch of (await currentTable(disk, archive, name)).rows) latest.push(...batch.map(keyOf));
    } catch (error) {
      problems.push(`latest of ${name}: ${String(error)}`);
      continue;
    }
    const wanted = [...rows.current(name).values()].flat().map(keyOf);
    problems.push(...differencesOf(latest.sort(), wanted.sort()).map((line) => `latest of ${name}: ${line}`));
  }
  return problems;
}

/** Enough to tell a row from every other one of its table: what it holds has been compared with the truth already. */
function keyOf({ message_id = null, version_id = null, room_id, user_id = null, position = null, run }: Row): string {
  return JSON.stringify([message_id, version_id, room_id, user_id, position, run]);
}

function differencesOf(actual: readonly string[], wanted: readonly string[]): readonly string[] {
  const [has, wants] = [new Set(actual), new Set(wanted)];
  return [
    ...actual.filter((line, at) => actual[at - 1] === line).map((line) => `${line} twice`),
    ...actual.filter((line) => !wants.has(line)).map((line) => `${line} is not current`),
    ...wanted.filter((line) => !has.has(line)).map((line) => `lacks ${line}`),
  ];
}
