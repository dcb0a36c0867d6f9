import type { Disk } from '../disk.ts';
import { readChanges, type ReadChangesOptions } from '../extractors/read-changes.ts';
import { changesEndpoint } from '../stream.ts';
import { readFrames } from '../journal/read-frames.ts';
import { parseChanges } from '../rocketchat/changes.ts';
import { parseAnswer } from './parse-answer.ts';
import type { ExtractHalf } from './extract-half.ts';
import { fillJournal } from './fill-journal.ts';
import { changesPath } from './open-run.ts';
import type { ChangesOutcome } from './stream-outcome.ts';

/** Reads the changes of one room into their journal, from where the journal ends. */
export async function extractChanges(half: ExtractHalf, index: number): Promise<ChangesOutcome> {
  const { chat, disk, archive, openRun } = half;
  const changes = openRun.changes[index];
  if (changes === undefined) throw new Error(`The run reads no changes number ${index}`);
  const { room, cursor } = changes;
  const path = changesPath(archive, openRun, index);
  const isPaged = pagesChanges(openRun.server.version);
  const filled = await fillJournal(half, {
    ...{ index: openRun.streams.length + index, path, endpoint: changesEndpoint, room },
    // Changes that are read in part are read again: the next run needs all since its cursor.
    ...{ start: cursor, keepsPart: false },
    pages: async () => readChanges({ chat, room, cursor, isPaged, journaled: await journaled(disk, path) }),
  });
  return { changes, proof: filled.proof, gap: filled.gap };
}

/** Since 7.1 chat.syncMessages has a cursor (PR #33810). */
export function pagesChanges(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 7 || (major === 7 && minor >= 1);
}

async function journaled(disk: Disk, path: string): Promise<NonNullable<ReadChangesOptions['journaled']>> {
  const steps = [];
  for await (const { frame, body } of readFrames(disk, path)) {
    if (frame.kind !== 'page' || frame.record.asked.kind !== 'changes') continue;
    steps.push({ request: frame.record.asked, page: parseChanges(parseAnswer(body)) });
  }
  return steps;
}
