import { relative } from 'node:path';
import type { Manifest } from '../../../archive/manifest/manifest.ts';
import { manifestSha256 } from '../../../archive/manifest/manifest-json.ts';
import { manifestPath } from '../../../archive/paths.ts';
import { groupBy } from '../../../model/list/group-by.ts';
import type { PlannedRequests } from '../../../run-event.ts';
import { tool } from '../../../version.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { duration } from '../amounts.ts';
import { shellWord } from '../../../shell-word.ts';
import { wrapped } from '../text/wrapped-lines.ts';
import { coverageLines } from './coverage-lines.ts';
import { fileTable } from './file-table.ts';
import { gapLines } from './gap-lines.ts';
import { noteLines } from './note-lines.ts';
import { requestLines } from './request-lines.ts';
import { runCounts, runCountsText } from './run-counts.ts';

/** What a terminal shows without scrolling. Notes beyond it are counted. */
const mostLines = 25;
const mostRooms = 4;

interface RunReportContext {
  /** Absolute. */
  readonly archive: string;
  /** Paths are shown from here. */
  readonly cwd: string;
  /** Of this process: the manifest's own times span the pause of a run that was resumed. */
  readonly tookMs: number;
  /** What the run expected when it began; absent when it went on with another. */
  readonly planned?: PlannedRequests;
  /** How the program is called. */
  readonly program?: string;
  /** Of the terminal; null or absent: there is none. */
  readonly columns?: number | null;
  /** Whether what to do next is for the caller to say. */
  readonly isIntroduction?: boolean;
}

/** What a run did, for people: what is new, where it is, what is missing and what to do about it. */
export function runReport(
  manifest: Manifest,
  { archive, cwd, tookMs, planned, program = tool.name, columns = null, isIntroduction = false }: RunReportContext,
): string {
  const { run, job, files, gaps } = manifest;
  const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table, 0);
  const folder = shownPath(archive, cwd);
  const brought = runCounts(manifest);
  const isIdle = rows === 0 && brought.messages + brought.mentions + brought.changes === 0;
  const outcome = isIdle
    ? 'nothing new, no row was added'
    : `${runCountsText(brought, isReadAgain(manifest))} ${placeOf(manifest, rows, folder)}`;
  const gapCount = gaps.length === 0 ? '' : `, ${counted(gaps.length, 'gap')}`;
  const fitting = (line: string): string => wrapped(line, columns, '  ');
  const head = [
    `${job.name}: run ${run}, ${outcome}${gapCount}, ${duration(tookMs)}`,
    '',
    ...(files.length === 0 ? [] : [...fileTable(manifest).trimEnd().split('\n'), '']),
    ...[
      ...roomsLine(manifest),
      ...coverageLines(manifest),
      ...gapLines(gaps),
      ...requestLines(manifest.requests, planned),
    ].map(fitting),
  ];
  const tail = [
    `manifest: ${shownPath(`${archive}/${manifestPath(run)}`, cwd)}`,
    `SHA-256 of it: ${manifestSha256(manifest)}`,
    ...(isIntroduction || isIdle ? [] : [`next: ${program} ${nextCommand(manifest, shellWord(folder))}`]),
  ];
  const notes = noteLines(manifest.notes, mostLines - head.length - tail.length);
  // What is copied stays in one piece: paths, the hash, commands.
  return [...head, ...notes.map(fitting), ...tail].map((line) => `${line}\n`).join('');
}

/** To stdout `latest` prints every row. Where the public key lies is not known here: the word stands for its path. */
function nextCommand({ run, signer }: Manifest, folder: string): string {
  if (run > 1) return `latest ${folder} --output latest.csv`;
  return `verify ${folder}${signer === undefined ? '' : ' --public-key KEY.pub.pem'}`;
}

/** A table that came later is made of messages that have their own rows already. */
function isReadAgain({ tables }: Manifest): boolean {
  return tables['messages'] === 0;
}

/** Messages may be read and make no row: those without a reaction in the table of reactions. */
function placeOf({ tables }: Manifest, rows: number, folder: string): string {
  return rows > 0 ? `in ${folder}` : `read, and no row for ${Object.keys(tables).join(', ')} in them`;
}

/** Those that brought most. Mentions of the login count where nothing else of a room was read. */
function roomsLine(manifest: Manifest): readonly string[] {
  const { lists, changes } = manifest;
  const rooms = groupBy([...lists, ...changes], ({ room }) => room.id);
  const brought = [...rooms.values()]
    .map((parts) => {
      const { messages, mentions } = runCounts({ lists: parts, changes: [] });
      return { name: parts[0]?.room.name ?? '', messages: messages === 0 ? mentions : messages };
    })
    .filter(({ messages }) => messages > 0)
    .sort((one, other) => other.messages - one.messages);
  if (brought.length === 0) return [];
  const named = brought.slice(0, mostRooms).map(({ name, messages }) => `${name} ${count(messages)}`);
  const more = brought.length > mostRooms ? ` and ${counted(brought.length - mostRooms, 'other room')}` : '';
  return [`${isReadAgain(manifest) ? 'read again' : 'new or changed'} in: ${named.join(', ')}${more}`];
}

function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
