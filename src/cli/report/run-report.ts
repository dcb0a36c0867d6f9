import { relative } from 'node:path';
import type { Manifest, ManifestChanges, ManifestList } from '../../archive/manifest/manifest.ts';
import { sha256 } from '../../archive/hash-file.ts';
import { serializeManifest } from '../../archive/manifest/manifest-json.ts';
import { manifestPath } from '../../archive/paths.ts';
import { noRoomsNote } from '../../record/notes/no-rooms-note.ts';
import type { PlannedRequests } from '../../run-event.ts';
import { rangesText } from '../../archive/manifest/completed-rows.ts';
import { count, counted, duration, size } from './amounts.ts';
import { shortestFirst } from '../result/run-result.ts';
import { runCounts, runCountsText } from './run-counts.ts';
import { textTable } from './text-table.ts';

/** Streams that brought nothing are counted, not listed, once there are more lines than this. */
const mostLines = 40;

interface RunReportContext {
  /** Absolute. */
  readonly archive: string;
  /** Paths are shown from here. */
  readonly cwd: string;
  /** Of this process: the manifest's own times span the pause of a run that was resumed. */
  readonly tookMs: number;
  /** What the run expected when it began; absent when it went on with another. */
  readonly planned?: PlannedRequests;
}

/** What a run did, for people. */
export function runReport(manifest: Manifest, { archive, cwd, tookMs, planned }: RunReportContext): string {
  const { run, job, files, gaps } = manifest;
  const streams = [...manifest.lists, ...manifest.changes];
  const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table, 0);
  const folder = shownPath(archive, cwd);
  const brought = runCounts(manifest);
  const isIdle = rows === 0 && brought.messages + brought.changes === 0;
  const outcome = isIdle
    ? 'nothing new, no row was added'
    : `${runCountsText(brought)} ${placeOf(manifest, rows, folder)}`;
  const gapCount = gaps.length === 0 ? '' : `, ${counted(gaps.length, 'gap')}`;
  return [
    `${job.name}: run ${run}, ${outcome}${gapCount}, ${duration(tookMs)}\n`,
    ...(isIdle && gaps.length === 0 ? [] : ['\n', streamTable(streams)]),
    ...(files.length === 0 ? [] : ['\n', fileTable(manifest)]),
    '\n',
    ...coverageLines(manifest),
    ...requestLines(manifest.requests),
    ...(planned === undefined ? [] : [plannedLine(planned, manifest.requests)]),
    ...shortestFirst(manifest.notes.filter((note) => note !== noRoomsNote)).map((note) => `note: ${note}\n`),
    `manifest: ${shownPath(`${archive}/${manifestPath(run)}`, cwd)}\n`,
    `SHA-256 of it: ${sha256(serializeManifest(manifest))}\n`,
  ].join('');
}

/** Messages may be read and make no row: those without a reaction in the table of reactions. */
function placeOf({ tables }: Manifest, rows: number, folder: string): string {
  return rows > 0 ? `in ${folder}` : `read, and no row for ${Object.keys(tables).join(', ')} in them`;
}

function streamTable(streams: readonly (ManifestList | ManifestChanges)[]): string {
  const notable = streams.filter(({ exported, gaps }) => exported > 0 || gaps.length > 0);
  const shown = streams.length <= mostLines ? streams : notable;
  const hidden = streams.length - shown.length;
  const table = textTable(
    [
      { title: 'endpoint' },
      { title: 'room' },
      { title: 'messages', align: 'right' },
      { title: 'pages', align: 'right' },
      { title: 'gap' },
    ],
    shown.map(({ endpoint, room, exported, completeness, gaps }) => [
      ...[
        endpoint,
        room.name,
        count(exported),
        count(completeness.pages),
        [...new Set(gaps.map(({ reason }) => reason))].join(', '),
      ],
    ]),
  );
  return hidden === 0 ? table : `${table}and ${counted(hidden, 'list')} that brought nothing\n`;
}

function fileTable({ files }: Manifest): string {
  return textTable(
    [{ title: 'file' }, { title: 'rows', align: 'right' }, { title: 'size', align: 'right' }],
    files.map(({ path, rows, sizeBytes }) => [path, count(rows), size(sizeBytes)]),
  );
}

function coverageLines({ coverage, badFields }: Manifest): readonly string[] {
  if (coverage === undefined) return [];
  const { rooms, encryptedMessages, filesNotDownloaded, listsOutsidePeriod = 0, hiddenTypes, incomplete } = coverage;
  const { lists: historyLists, types } = hiddenTypes ?? { lists: 0, types: [] };
  const hidden =
    historyLists === 0 ? '' : `, which hides ${types === null ? 'nobody knows what' : types.join(', ') || 'nothing'}`;
  const bad = Object.entries(badFields).map(([field, values]) => `${field} ${count(values)}`);
  const badValues = Object.values(badFields).reduce((sum, values) => sum + values, 0);
  const reasons = Object.entries(rooms.leftOut).map(
    ([reason, left]) => `${left === null ? '?' : count(left)} ${reason.replaceAll('-', ' ')}`,
  );
  return [
    `rooms: ${count(rooms.seen)} seen, ${count(rooms.read)} read; left out: ${reasons.join(', ')}\n`,
    `of the messages read: ${count(encryptedMessages)} encrypted, ${counted(filesNotDownloaded, 'file')} not downloaded, ${counted(badValues, 'value')} of a wrong type made null${bad.length === 0 ? '' : ` (${bad.join(', ')})`}\n`,
    ...incompleteLine(incomplete),
    `lists: ${count(listsOutsidePeriod)} with messages outside the period, ${count(historyLists)} read by history${hidden}\n`,
  ];
}

/** Nothing of an archive whose chain could not be read: a note says so. */
function incompleteLine(incomplete: NonNullable<Manifest['coverage']>['incomplete']): readonly string[] {
  if (incomplete === undefined) return [];
  const parts = incomplete.map(({ table, format, columns, runs }) => {
    const what = `${columns === null ? '' : `${counted(columns.length, 'column')} of `}"${table}"`;
    if (format === null && columns === null && runs.length > 0) {
      return `"${table}" without some rows of runs ${rangesText(runs)}`;
    }
    return `${what}${format === null ? '' : ` as ${format}`} without ${runs.length === 0 ? 'some rooms' : `runs ${rangesText(runs)}`}`;
  });
  return [`earlier runs: ${parts.length === 0 ? 'all is in every table, format and column' : parts.join(', ')}\n`];
}

function requestLines(requests: Manifest['requests']): readonly string[] {
  const endpoints = Object.entries(requests).sort(([, a], [, b]) => b.requests - a.requests);
  const total = endpoints.reduce((sum, [, counts]) => sum + counts.requests, 0);
  const shares = endpoints.map(([endpoint, counts]) => `${endpoint} ${count(counts.requests)}`);
  return [
    `requests: ${count(total)} (${shares.join(', ')})\n`,
    ...endpoints.flatMap(([endpoint, { retries, rateLimited, waitedMs }]) => {
      const troubles = [
        ...(waitedMs >= 1_000 ? [`waited ${duration(waitedMs)} for the rate limit`] : []),
        ...(rateLimited > 0 ? [`${count(rateLimited)} refused by it`] : []),
        ...(retries > 0 ? [counted(retries, 'retry', 'retries')] : []),
      ];
      return troubles.length === 0 ? [] : [`${endpoint}: ${troubles.join(', ')}\n`];
    }),
  ];
}

/** Beside what was made, so that whoever reads it knows what a plan is worth. */
function plannedLine(
  { requests: planned, unknown, pageRows, isPageAssumed }: PlannedRequests,
  made: Manifest['requests'],
): string {
  const plannedTotal = Object.values(planned).reduce((sum, requests) => sum + requests, 0);
  const compared = Object.entries(made).filter(([endpoint]) => !unknown.includes(endpoint));
  const madeTotal = compared.reduce((sum, [, { requests }]) => sum + requests, 0);
  const without = unknown.length === 0 ? '' : ` without ${unknown.join(', ')}`;
  const assumed = isPageAssumed ? `, with pages of ${count(pageRows)} assumed` : '';
  return `planned: ${counted(plannedTotal, 'request')}${without}${assumed}; made ${count(madeTotal)}\n`;
}

function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}
