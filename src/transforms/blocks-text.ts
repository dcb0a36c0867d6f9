import { isRecord } from '../model/json/is-record.ts';

/** Apps nest three deep; a tree deeper than this is not theirs, and is in `extra` like every other. */
const depthCap = 32;

/** Of an image that stands in a message, what is said in its place; of a table of data, its values. */
const plainTexts: ReadonlySet<string> = new Set(['altText', 'text', 'title', 'label', 'hint']);

/**
 * What the `blocks` of an app's message say, a line for each text of theirs in the order it stands there; null when they
 * say nothing. A text is `{type: 'plain_text' | 'mrkdwn', text}`, or the alternative text of an image.
 * Source: packages/ui-kit/src/blocks
 */
export function blocksText(blocks: unknown): string | null {
  if (!Array.isArray(blocks)) return null;
  const lines: string[] = [];
  collect(blocks, lines, 0);
  return lines.length === 0 ? null : lines.join('\n');
}

function collect(value: unknown, lines: string[], depth: number): void {
  if (depth > depthCap) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, lines, depth + 1);
    return;
  }
  if (!isRecord(value)) return;
  for (const key of Object.keys(value)) {
    const part = value[key];
    if (typeof part === 'string') {
      if (plainTexts.has(key) && part !== '') lines.push(part);
    } else {
      collect(part, lines, depth + 1);
    }
  }
}
