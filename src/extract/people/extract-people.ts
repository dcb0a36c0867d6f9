import { join } from 'node:path';
import { archivePaths } from '../../archive/paths.ts';
import { peopleJournals, readPeopleJournal, usersEndpoint } from '../../journal/people-journal.ts';
import { StreamJournal } from '../../journal/stream-journal.ts';
import { usersToLookUp } from '../../plan/people/look-ups.ts';
import { memberEndpoints } from '../../plan/people/member-endpoints.ts';
import type { PlannedMemberList } from '../../plan/people/plan-people.ts';
import { parsePerson } from '../../model/people/person.ts';
import type { ExtractContext } from '../extract-context.ts';
import { mayBeMissing } from '../missing-endpoint.ts';
import { lookUpUsers } from './look-up-users.ts';
import { readPeopleList, type PeopleReading } from './read-people-list.ts';

/**
 * The readings of the lists of people that a run has planned, each of which asks for one page at a time: their endpoints
 * have rate budgets of their own, and of the requests in flight they take no more than two from the messages. A reading
 * throws what ends the run.
 */
export function peopleReadings(context: ExtractContext): readonly (() => Promise<void>)[] {
  const { listsUsers, listsMembers, memberLists } = context.runPlan.people;
  const readUsers = async (reading: PeopleReading): Promise<void> => {
    const { rows, refusal } = await readPeopleList(reading, usersEndpoint, null);
    const listed = refusal === null ? rows.flatMap((row) => parsePerson(row, 'list')?.id ?? []) : null;
    await lookUpUsers(reading, usersToLookUp(listed, context.knownUsers));
  };
  return [
    ...(listsUsers ? [() => fillPeopleJournal(context, peopleJournals.users, readUsers)] : []),
    ...(listsMembers
      ? [() => fillPeopleJournal(context, peopleJournals.members, (reading) => readMembers(reading, memberLists))]
      : []),
  ];
}

async function fillPeopleJournal(
  { archive, chat, disk, nowMs, onProgress, cut }: ExtractContext,
  name: string,
  read: (reading: PeopleReading) => Promise<void>,
): Promise<void> {
  const path = join(archive, archivePaths.journal, name);
  const { journal } = await StreamJournal.open(disk, path, nowMs);
  const onGrown = (): void => onProgress(name, { sizeBytes: journal.sizeBytes, isClosed: false });
  const reader = chat.reader();
  try {
    const journaled = await readPeopleJournal(disk, path);
    await read({ chat: reader, journal, journaled, signal: cut.signal, onGrown });
    onProgress(name, { sizeBytes: journal.sizeBytes, isClosed: true });
  } finally {
    reader.letGo();
    await journal.close();
  }
}

async function readMembers(reading: PeopleReading, lists: readonly PlannedMemberList[]): Promise<void> {
  const missing = new Set<string>();
  for (const { room } of lists) {
    const unknown: string[] = [];
    for (const endpoint of memberEndpoints(room.type)) {
      if (missing.has(endpoint)) continue;
      const { refusal } = await readPeopleList(reading, endpoint, room.id);
      if (refusal === null) {
        // A room that another endpoint knows is there: the one that did not find it is not.
        for (const name of unknown) missing.add(name);
        break;
      }
      if (!mayBeMissing(refusal.reason)) break;
      unknown.push(endpoint);
    }
  }
}
