import { isRecord } from '../../model/json/is-record.ts';

/** A COLOR node's `{r, g, b, a}` (0 to 255 each) as people write it: `#ff0000`, with alpha `#ff000080`. */
export function colorText(value: unknown): string | null {
  if (!isRecord(value)) return null;
  const { r, g, b, a = 255 } = value;
  if (!isByte(r) || !isByte(g) || !isByte(b) || !isByte(a)) return null;
  return `#${hex(r)}${hex(g)}${hex(b)}${a === 255 ? '' : hex(a)}`;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
