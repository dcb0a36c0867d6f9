import { join } from 'node:path';
import { keptJournals } from '../../archive/manifest/kept-journals.ts';
import { verifyFile } from '../../archive/verify/verify-file.ts';
import { readKeptJournal } from '../../journal/kept/read-kept-journal.ts';
import { parseAnswer } from '../../journal/parse-answer.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { parseTimeMs } from '../../model/message.ts';
import { stepsOfJob } from '../../model/run/purge-rule.ts';
import type { Disk } from '../../system/disk.ts';
import type { ExternalSort } from '../sort/external-sort.ts';
import type { ArchivePart } from './archive-parts.ts';
import { lineOfTree } from './row-line.ts';

/** Steps of a job that change no message: what others took out of the rows is not to come back from the responses. */
const harmless: ReadonlySet<string> = new Set(['dropSystemMessages', 'period']);

/**
 * Hands the syntax trees to the sort that the server gave texts, from the responses that runs kept under `_raw`, where their
 * tables have none.
 *
 * @returns how many journals are not read, because they are not what their manifests say
 */
export async function gatherTrees(
  disk: Disk,
  { archive, history, rankOf }: Pick<ArchivePart, 'archive' | 'history' | 'rankOf'>,
  sort: Pick<ExternalSort, 'add'>,
  onPage: () => void,
): Promise<number> {
  const wanted = history.runs.filter(
    ({ md, steps }) => md !== true && stepsOfJob(steps).every(({ step }) => harmless.has(step)),
  );
  const runs = new Set(wanted.map(({ run }) => run));
  if (runs.size === 0) return 0;
  let damaged = 0;
  for (const journal of (await keptJournals(disk, archive)).journals) {
    const { run } = journal.place;
    if (!runs.has(run)) continue;
    if ((await verifyFile(disk, archive, journal)) !== undefined) {
      damaged += 1;
      continue;
    }
    for await (const { frame, body } of readKeptJournal(disk, join(archive, journal.path))) {
      if (frame.kind !== 'page') continue;
      onPage();
      for (const message of messagesIn(parseAnswer(body))) {
        const line = lineOfMessage(rankOf(run), message);
        if (line !== undefined) await sort.add(line);
      }
    }
  }
  return damaged;
}

/** Records with a room and a text, wherever they stand: on pages of lists, among changes, as a message that was asked for. */
function* messagesIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const part of value) yield* messagesIn(part);
  if (!isRecord(value)) return;
  if (typeof value['rid'] === 'string' && typeof value['msg'] === 'string') yield value;
  else for (const part of Object.values(value)) yield* messagesIn(part);
}

function lineOfMessage(run: number, message: Readonly<Record<string, unknown>>): string | undefined {
  const { _id: messageId, rid: roomId, ts, msg, md } = message;
  const tsMs = parseTimeMs(ts);
  if (typeof messageId !== 'string' || typeof roomId !== 'string' || typeof msg !== 'string') return undefined;
  if (tsMs === undefined || !Array.isArray(md) || md.length === 0) return undefined;
  return lineOfTree(run, { messageId, roomId, tsMs, msg, md });
}
