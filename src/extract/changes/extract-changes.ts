import { pagesChanges } from './pages-changes.ts';
import type { Disk } from '../../system/disk.ts';
import type { RoomError } from '../../errors.ts';
import type { PageAllowance } from '../page-allowance.ts';
import { readChanges, type ReadChangesOptions } from './read-changes.ts';
import type { ReadStep } from '../read-step.ts';
import { changesEndpoint, type ChangesRefusal, type Cursor, type Hole } from '../../model/stream.ts';
import { readFrames } from '../../journal/read-frames.ts';
import type { JournalContents } from '../../journal/journal-contents.ts';
import { parseChanges } from '../../model/changes.ts';
import { parseAnswer } from '../../journal/parse-answer.ts';
import { comparedStream } from '../../plan/streams/compared-stream.ts';
import type { ExtractContext, ReadContext } from '../extract-context.ts';
import { learnLongestPage } from '../walk/end-detector.ts';
import { fillJournal } from '../fill-journal.ts';
import { insteadOfChanges } from '../../plan/instead-of-changes.ts';
import { rescanWindow } from './rescan-window.ts';
import { refusalOf, type MissingEndpoint } from '../missing-endpoint.ts';
import type { PlannedChanges, RunChanges } from '../../plan/run-plan.ts';
import type { ChangesOutcome } from '../../plan/stream-outcome.ts';

/** What the rooms of a run share, of which changes are read. */
interface SharedByRooms {
  readonly allowance: PageAllowance;
  readonly missing: MissingEndpoint;
}

/**
 * Reads the changes of one room into their journal, from where the journal ends. Where the server does not have
 * chat.syncMessages, or does not let this login use it, the room's latest messages are read once more instead.
 */
export async function extractChanges(
  context: ExtractContext,
  changes: RunChanges,
  { allowance, missing }: SharedByRooms,
): Promise<ChangesOutcome> {
  const { journals, runPlan } = context;
  const path = journals.path(changes.journal);
  const reported: { refusal: ChangesRefusal | null; total?: number } = { refusal: null };
  const onTotal = (rows: number): void => void (reported.total = rows);
  const refuse = (refusal: ChangesRefusal): void => {
    missing.note(refusal.reason);
    reported.refusal = refusal;
  };

  const pagesOf = async function* (contents: JournalContents, reading: ReadContext): AsyncGenerator<ReadStep, Cursor> {
    if (reported.refusal === null) {
      const refused = (comparedStream(changes) && changes.compared) ?? missing.reason;
      const known = contents.pages.length === 0 ? refused : undefined;
      const reason = known ?? (yield* changesOrRefusal(reading, changes, contents, path));
      if (reason === undefined) return changes.cursor;
      const refusal = { reason, instead: insteadOfChanges(changes, runPlan.silence) };
      refuse(refusal);
      yield { kind: 'refusal', refusal };
    }
    if (reported.refusal !== null)
      yield* rescanWindow(reading, changes, reported.refusal, { path, contents, allowance, onTotal });
    return changes.cursor;
  };
  const { completeness, gap, holes, total } = await fillJournal(context, {
    journal: changes.journal,
    endpoint: changesEndpoint,
    room: changes.room,
    // Changes that are read in part count, and are read again: the next run needs all since its cursor.
    start: changes.cursor,
    keepsPart: false,
    total: () => reported.total,
    mayShareJournal: false,
    onOpen: (contents) => {
      learnLongestPage(contents.pages, context.longestPage);
      if (contents.refusal !== null) refuse(contents.refusal);
    },
    pages: (contents, chat) => Promise.resolve(pagesOf(contents, { ...context, chat })),
  });
  return { changes, refusal: reported.refusal, completeness, gap, holes: once(holes), total };
}

/** A hole alone is met again by a walk that resumes behind its last page. */
function once(holes: readonly Hole[]): readonly Hole[] {
  return [...new Map(holes.map((hole) => [`${String(hole.id)} ${hole.message}`, hole])).values()];
}

/** @returns why there are none to be had; undefined when they have been read */
async function* changesOrRefusal(
  { chat, disk, runPlan }: ReadContext,
  { room, cursor }: PlannedChanges,
  { pages }: JournalContents,
  path: string,
): AsyncGenerator<ReadStep, string | undefined> {
  const isPaged = pagesChanges(runPlan.server.version);
  let isBegun = pages.length > 0;
  try {
    const endsBoth = (error: RoomError): boolean => refusalOf(error) !== undefined;
    const reading = { chat, room, cursor, isPaged, endsBoth, journaled: await journaled(disk, path) };
    for await (const page of readChanges(reading)) {
      isBegun = true;
      yield page;
    }
    return undefined;
  } catch (error) {
    const reason = refusalOf(error);
    // What was allowed a page ago is no matter of permissions: a gap, and the next run asks again.
    if (reason === undefined || isBegun) throw error;
    return reason;
  }
}

async function journaled(disk: Disk, path: string): Promise<NonNullable<ReadChangesOptions['journaled']>> {
  const steps = [];
  for await (const { frame, body } of readFrames(disk, path)) {
    if (frame.kind !== 'page' || frame.record.asked.kind !== 'changes') continue;
    steps.push({ request: frame.record.asked, page: parseChanges(parseAnswer(body)) });
  }
  return steps;
}
