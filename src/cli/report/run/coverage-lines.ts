import type { Manifest } from '../../../archive/manifest/manifest.ts';
import { rangesText } from '../../../archive/manifest/completed-rows.ts';
import type { Coverage, UnreadRoom } from '../../../archive/manifest/coverage.ts';
import { leftOutReasons, type LeftOutReason } from '../../../archive/state/left-out.ts';
import { count, counted } from '../../../model/text/counted.ts';

/** Behind a count of rooms. */
const leftOutTexts = {
  'no-entry': 'that no entry names',
  'kind-not-asked': 'of a kind not asked for',
  'not-joined': 'not joined',
  invited: 'only invited to',
  banned: 'banned from',
  refused: 'refused',
  gone: 'gone',
} satisfies Record<LeftOutReason, string>;

/** What of the workspace is in the archive and what is not: zero as zero. Nothing of a run that a much older program made. */
export function coverageLines({
  run,
  coverage,
  badFields,
  badColumns,
}: Pick<Manifest, 'run' | 'coverage' | 'badFields' | 'badColumns'>): readonly string[] {
  if (coverage === undefined) return [];
  const { rooms, encryptedMessages, filesNotDownloaded, listsOutsidePeriod = 0, hiddenTypes, outdated = [] } = coverage;
  const { lists: historyLists, types } = hiddenTypes ?? { lists: 0, types: [] };
  const hidden = historyLists === 0 ? '' : hiddenText(types);
  const bad = badColumns === undefined ? countsOf(badFields) : Object.entries(badColumns).flatMap(columnsOf);
  const badValues = Object.values(badFields).reduce((sum, values) => sum + values, 0);
  const reasons = leftOutReasons.map((reason) => {
    const left = rooms.leftOut[reason];
    return left === null ? `${leftOutTexts[reason]}: not counted` : `${count(left)} ${leftOutTexts[reason]}`;
  });
  return [
    `rooms: ${seenText(rooms)} seen, ${readText(rooms)}; left out: ${reasons.join(', ')}`,
    `of the messages read: ${count(encryptedMessages)} encrypted, ${counted(filesNotDownloaded, 'file')} not downloaded, ${counted(badValues, 'value')} of a wrong type, null in the tables${bad.length === 0 ? '' : ` (${bad.join(', ')})`}`,
    ...(run === 1 ? [] : incompleteLine(coverage)),
    ...(outdated.length === 0
      ? []
      : [
          `written otherwise then: ${outdated.map(({ table, runs, rooms = [] }) => `"${table}" in ${rangesText(runs)}${rooms.length === 0 ? '' : ` in ${namesOf(rooms)}`}`).join(', ')}`,
        ]),
    `lists: ${count(listsOutsidePeriod)} with messages outside the period, ${count(historyLists)} read by history${hidden}`,
  ];
}

/** @param types of messages; null: the server did not say */
function hiddenText(types: readonly string[] | null): string {
  if (types === null) return ', which lacks the types that the workspace hides: nobody knows which';
  if (types.length === 0) return ', and the workspace hides no type of message';
  return `, which lacks the types that the workspace hides: ${types.join(', ')}`;
}

function countsOf(counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts).map(([name, values]) => `${name} ${count(values)}`);
}

function columnsOf([table, columns]: readonly [string, Readonly<Record<string, number>>]): readonly string[] {
  return countsOf(columns).map((column) => `${table}.${column}`);
}

/** How many others are known depends on the job: channels are counted only where an entry takes them by a glob. */
function seenText({ seen, joined }: Coverage['rooms']): string {
  if (joined === undefined) return count(seen);
  const others = seen - joined;
  return `${count(joined)} of this login${others === 0 ? '' : ` and ${counted(others, 'other')}`}`;
}

function readText({ read, failed = 0, otherShards, mentions }: Coverage['rooms']): string {
  const others = otherShards === undefined ? '' : `, ${count(otherShards)} in other shards`;
  const failedText = `${failed === 0 ? '' : `, ${count(failed)} failed`}${others}`;
  // Read now or earlier: a room without a change is not read again.
  if (mentions === undefined) return `${count(read)} in the archive${failedText}`;
  const { rooms, isAll } = mentions;
  return isAll
    ? `of ${count(rooms)} only the mentions of the login in the archive${failedText}`
    : `${count(read)} in the archive${failedText}, and of ${count(rooms)} the mentions of the login`;
}

/** Nothing of an archive whose chain could not be read, unless files are not in their place: a note says so. */
function incompleteLine({ incomplete, misplacedFiles }: Coverage): readonly string[] {
  if (incomplete === undefined && misplacedFiles === undefined) return [];
  const lacking = (incomplete ?? []).map(({ table, format, columns, runs, rooms }) => {
    const what = `${columns === null ? '' : `${counted(columns.length, 'column')} of `}"${table}"`;
    const named = rooms === undefined ? '' : namesOf(rooms);
    const inRooms = named === '' ? '' : ` in ${named}`;
    if (runs.length === 0) return `${what} without some of what was read of ${named || 'some rooms'}`;
    const isOfSomeRows = format === null && columns === null;
    return `${what}${format === null ? '' : ` as ${format}`} without ${isOfSomeRows ? 'some rows of ' : ''}${rangesText(runs)}${inRooms}`;
  });
  const { count: misplaced = 0, first = [] } = misplacedFiles ?? {};
  const isMissing = first.every(({ problem }) => problem === 'missing');
  const parts = [
    ...(misplaced === 0
      ? []
      : [
          `${counted(misplaced, 'file')} ${isMissing ? 'missing' : 'missing or not as written'} (verify names ${misplaced === 1 ? 'it' : 'them'}: restore, or read every room again by state forget)`,
        ]),
    ...lacking,
  ];
  return [`earlier runs: ${parts.length === 0 ? 'all is in every table, format and column' : parts.join(', ')}`];
}

/** Names in a line; a note of the run says why, too. */
const mostNamed = 3;

function namesOf(rooms: readonly UnreadRoom[]): string {
  const names = rooms.slice(0, mostNamed).map(({ name, reason }) => `${JSON.stringify(name)} (${reason})`);
  return rooms.length > mostNamed ? `${names.join(', ')} and others` : names.join(', ');
}
