import { columnWidths } from './column-widths.ts';
import stringWidth from 'string-width';
import { printable } from './printable.ts';
import { longestPart, wrappedLines } from './wrapped-lines.ts';

interface TextColumn {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: 'right';
  /** Where the table is too wide, its cells go below their row, behind their title or without it. */
  readonly aside?: 'labelled' | 'plain';
}

/** A column with its cells, as they are printed. */
interface FilledColumn extends TextColumn {
  readonly cells: readonly string[];
}

const gap = '  ';

/** As narrow as text is made while columns can still go aside, and when none is left. */
const leastText = { comfortable: 20, tight: 12 } as const;

/** Longer names and ids are cut rather than have their whole column. */
const mostUncut = 24;

/**
 * Lines with columns of one width, titles first, each line ended. An untitled column without a cell is left out.
 *
 * @param width columns of the terminal that the table is to fit: what is too wide goes aside or wraps; null: no terminal,
 *   so the same lines everywhere
 */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  width: number | null = null,
): string {
  const filled = columns
    .map((column, at) => ({ ...column, cells: rows.map((cells) => printable(cells[at] ?? '')) }))
    .filter(({ title, cells }) => title !== '' || cells.some((cell) => cell !== ''));
  if (width === null) return laidOut(filled, filled.map(naturalWidth), [], Infinity);

  const aside: FilledColumn[] = [];
  const beside = [...filled];
  for (;;) {
    const next = beside.findLastIndex((column) => column.aside !== undefined);
    const least = next === -1 ? leastText.tight : leastText.comfortable;
    const needs = beside.map((column) => ({ natural: naturalWidth(column), least: leastWidth(column, least) }));
    const widths = columnWidths(needs, width - gap.length * (beside.length - 1));
    if (widths !== undefined) return laidOut(beside, widths, aside, width);
    if (next === -1) {
      // Names are cut before the terminal breaks every line.
      const tight = beside.map(({ align }, at) => {
        const { natural, least } = needs[at] ?? { natural: 0, least: 0 };
        return { natural, least: align === 'right' ? least : Math.min(least, leastText.tight) };
      });
      const cut = columnWidths(tight, width - gap.length * (beside.length - 1));
      return laidOut(beside, cut ?? tight.map(({ least }) => least), aside, width);
    }
    aside.unshift(...beside.splice(next, 1));
  }
}

function naturalWidth({ title, cells }: FilledColumn): number {
  return Math.max(...[title, ...cells].map((text) => stringWidth(text)));
}

function leastWidth(column: FilledColumn, least: number): number {
  const natural = naturalWidth(column);
  if (column.align === 'right') return natural;
  const uncut = Math.min(mostUncut, Math.max(...[column.title, ...column.cells].map(longestPart)));
  return Math.max(Math.min(natural, least), uncut);
}

function laidOut(
  columns: readonly FilledColumn[],
  widths: readonly number[],
  aside: readonly FilledColumn[],
  width: number,
): string {
  const rows = columns[0]?.cells ?? [];
  const titles = rowLines(columns, widths, ({ title }) => title);
  const lines = rows.flatMap((_, row) => [
    ...rowLines(columns, widths, ({ cells }) => cells[row] ?? ''),
    ...aside.flatMap((column) => asideLines(column, column.cells[row] ?? '', width)),
  ]);
  return [...titles, ...lines].map((line) => `${line}\n`).join('');
}

function rowLines(
  columns: readonly FilledColumn[],
  widths: readonly number[],
  textOf: (column: FilledColumn) => string,
): readonly string[] {
  const wrapped = columns.map((column, at) => fitted(textOf(column), widths[at] ?? 0));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ align }, at) => padded(wrapped[at]?.[line] ?? '', widths[at] ?? 0, align))
      .join(gap)
      .trimEnd(),
  );
}

function asideLines({ title, aside }: FilledColumn, cell: string, width: number): readonly string[] {
  if (cell === '') return [];
  const text = aside === 'labelled' ? `${title}: ${cell}` : cell;
  return fitted(text, width - 2 * gap.length).map((line) => gap + gap + line);
}

function fitted(cell: string, width: number): readonly string[] {
  return stringWidth(cell) <= width ? [cell] : wrappedLines(cell, width);
}

function padded(cell: string, width: number, align: TextColumn['align']): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(cell)));
  return align === 'right' ? space + cell : cell + space;
}
