import type { Row } from '../truth/truth-lines.ts';
import type { Purged } from './archive-tools.ts';
import type { ChangingWorkspace } from './changing-workspace.ts';
import type { RowsOfFormat } from './format-differences.ts';

/** Rows of runs that hide people, and that show some all the same. @param hiding numbers of those runs */
export function* namesIn(
  rows: RowsOfFormat,
  { names }: ChangingWorkspace,
  hiding: ReadonlySet<number>,
): Generator<string> {
  const known = [...names].map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\d])(?:${known})(?![\\p{L}\\d])`, 'u');
  for (const [table, some] of rows) {
    for (const row of some) {
      if (!hiding.has(Number(row['run']))) continue;
      for (const [column, value] of Object.entries(row)) {
        const found = pattern.exec(textOf(value));
        if (found !== null) yield `${table}: ${column} of ${idOf(row)}, run ${String(row['run'])}, shows "${found[0]}"`;
      }
    }
  }
}

/** Rows of what was purged, in whatever version: but that it is gone a row may say, for ids stay in the archive anyhow. */
export function* purgedIn(rows: RowsOfFormat, { messages }: Purged): Generator<string> {
  for (const [table, some] of rows) {
    for (const row of some)
      if (messages.has(String(row['message_id'])) && row['op'] !== 'delete')
        yield `${table}: ${idOf(row)}, run ${String(row['run'])}, was purged and is there`;
  }
}

function idOf({ message_id, user_id, room_id }: Row): string {
  return JSON.stringify(message_id ?? user_id ?? room_id ?? null);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
