import { displayWidth } from './display-width.ts';
import { printable } from './printable.ts';

export interface TextColumn {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: 'right';
}

/** Lines with columns of one width, titles first, each line ended; the last column is as wide as it is. */
export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows].map((cells) => cells.map(printable));
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => displayWidth(cells[index] ?? ''))));
  return lines
    .map((cells) => {
      const padded = columns.map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const space = ' '.repeat((widths[index] ?? 0) - displayWidth(cell));
        return align === 'right' ? space + cell : cell + space;
      });
      return `${padded.join('  ').trimEnd()}\n`;
    })
    .join('');
}
