import stringWidth from 'string-width';
import { count, counted } from '../../model/text/counted.ts';
import { duration } from '../report/amounts.ts';
import type { ListAtWork, ProgressFigures } from './run-progress.ts';

/** What a run waits for before it can ask an endpoint again. */
export interface Wait {
  readonly kind: 'rate-limit' | 'retry';
  readonly endpoint: string;
  readonly ms: number;
}

interface ProgressLine {
  readonly figures: ProgressFigures;
  /** Those with the most left to read first. */
  readonly atWork: readonly ListAtWork[];
  /** When all will have been read, as the reader's clock shows it; null: nobody knows. */
  readonly doneAt: string | null;
  readonly waits: readonly Wait[];
}

const barCells = 12;
const separator = ' · ';

/**
 * `ops-oncall 875/2,500 · total 3,346/5,015 (67 %) · done ≈ 11:42 · next call in 42 s`: as many of the rooms at work as fit
 * into the line, and a bar where there is room for it.
 *
 * @param columns that it may take; Infinity: no terminal, and no bar
 */
export function progressLine({ figures, atWork, doneAt, waits }: ProgressLine, columns: number): string {
  const done = doneAt === null ? [] : [`done ${figures.isExpectedWhole ? '≈' : 'after'} ${doneAt}`];
  const total = totalText(figures);
  const parts = [total, ...done, ...waits.map(waitText)];
  // A line that stands still for a minute has to say why, however short.
  const [first] = waits;
  const wait = first === undefined ? [] : [shortWaitText(first)];
  const bare = total.replace(/ \(\d+ %\)$/, '');
  const room = roomsText(atWork, 1);
  for (const kept of [
    // More rooms are counted: nobody reads them.
    ...[3, 2, 1].filter((shown) => shown <= atWork.length).map((shown) => [...roomsText(atWork, shown), ...parts]),
    [...room, total, ...done, ...wait],
    [...room, bare, ...done, ...wait],
    parts,
    [total, ...done, ...wait],
    [bare, ...done, ...wait],
    [total, ...wait],
  ]) {
    const line = kept.join(separator);
    if (stringWidth(line) <= columns) return withBar(line, figures, columns);
  }
  return total;
}

/** The first rooms at work, and how many more. */
function roomsText(atWork: readonly ListAtWork[], shown: number): readonly string[] {
  if (atWork.length === 0) return [];
  const others = atWork.length > shown ? [`+${count(atWork.length - shown)}`] : [];
  return [[...atWork.slice(0, shown).map(roomText), ...others].join(', ')];
}

function waitText({ kind, endpoint, ms }: Wait): string {
  return `${nextOf[kind]} of ${endpoint} in ${duration(ms)}`;
}

function shortWaitText({ kind, ms }: Wait): string {
  return `${nextOf[kind]} in ${duration(ms)}`;
}

const nextOf = { 'rate-limit': 'next call', retry: 'next attempt' } as const;

function totalText({ messages, expected, isExpectedWhole, lists, listsRead }: ProgressFigures): string {
  // Of a night without new messages the lists say more.
  if (expected === 0) return `${count(listsRead)}/${counted(lists, 'list')}`;
  const percent = Math.floor((100 * messages) / expected);
  return `total ${count(messages)}/${isExpectedWhole ? `${count(expected)} (${percent} %)` : `${count(expected)}+`}`;
}

function roomText({ room, messages, expected }: ListAtWork): string {
  return `${room} ${count(messages)}${expected === null ? '' : `/${count(expected)}`}`;
}

function withBar(line: string, { messages, expected, isExpectedWhole }: ProgressFigures, columns: number): string {
  const isFitting = Number.isFinite(columns) && stringWidth(line) + barCells + 1 <= columns;
  if (!isFitting || !isExpectedWhole || expected === 0) return line;
  const full = Math.floor((barCells * messages) / expected);
  return `${'█'.repeat(full)}${'░'.repeat(barCells - full)} ${line}`;
}
