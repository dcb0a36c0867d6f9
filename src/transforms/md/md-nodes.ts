import { isRecord } from '../../model/json/is-record.ts';

/** Nodes that show what is in them, and nothing of their own. */
export const plainNodes: ReadonlySet<unknown> = new Set([
  ...['PLAIN_TEXT', 'PARAGRAPH', 'BOLD', 'ITALIC', 'STRIKE', 'INLINE_CODE', 'SPOILER', 'CODE_LINE', 'HEADING'],
  ...['INLINE_KATEX', 'KATEX', 'TABLE_CELL'],
]);

const blocks: ReadonlySet<unknown> = new Set([
  ...['UNORDERED_LIST', 'ORDERED_LIST', 'TASKS', 'LIST_ITEM', 'TASK', 'QUOTE', 'BLOCKQUOTE', 'CODE', 'SPOILER_BLOCK'],
  ...['PARAGRAPH', 'HEADING', 'KATEX', 'TABLE', 'HORIZONTAL_RULE'],
]);

/** Whether a node stands on lines of its own. */
export function isBlock(value: unknown): boolean {
  return isRecord(value) && blocks.has(value['type']);
}

/** `fallback` repeats what the node shows, or points to its source. */
export function isBeside(key: string, value: unknown): boolean {
  return typeof value === 'object' && value !== null && key !== 'value' && key !== 'fallback';
}

/** The string of a PLAIN_TEXT, or a bare one in its place. */
export function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (isRecord(value) && typeof value['value'] === 'string') return value['value'];
  return null;
}
