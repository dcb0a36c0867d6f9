import { z } from 'zod';
import { parseShape } from '../json-shape.ts';

/** Of an object, by key: the schema of each entry of that member, or those of its members. */
interface EntrySchemas {
  readonly [key: string]: z.ZodType | EntrySchemas;
}

/** So many characters become bytes together. */
const batchLength = 1 << 18;

/**
 * The text of a JSON file of an archive, piece by piece: keys as given, a line for each entry of the outer `levels` of objects
 * and for each element of a list in them. So people and `diff` find their way, and tens of thousands of entries cost no indents.
 *
 * @param entries of which each is made what its schema says when it is its turn: a whole copy of them would cost more than the text
 * @throws JsonShapeError for an entry that is not what its schema says
 */
export function* jsonPieces(value: object, levels: number, entries: EntrySchemas = {}): Generator<string, void> {
  yield* piecesOf(value, levels, '', entries);
  yield '\n';
}

/** The same as bytes, some hundred kilobytes at a time. */
export function* jsonBytes(pieces: Iterable<string>): Generator<Buffer, void> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < batchLength) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

function* piecesOf(
  value: unknown,
  levels: number,
  indent: string,
  entries: z.ZodType | EntrySchemas | undefined,
): Generator<string, void> {
  const shaped = (part: unknown): unknown => (entries instanceof z.ZodType ? parseShape(entries, part) : part);
  if (typeof value !== 'object' || value === null) {
    yield JSON.stringify(value);
    return;
  }
  const isList = Array.isArray(value);
  if (levels === 0 || !hasComposite(value)) {
    if (isList || !(entries instanceof z.ZodType)) yield JSON.stringify(value);
    else {
      const members = Object.entries(value).map(([key, part]: [string, unknown]) => [key, shaped(part)]);
      yield JSON.stringify(Object.fromEntries(members));
    }
    return;
  }
  yield isList ? '[' : '{';
  let lead = `\n${indent}  `;
  for (const [key, part] of isList ? value.entries() : Object.entries(value)) {
    if (typeof key === 'number') {
      const element = shaped(part);
      yield `${lead}${element === undefined ? 'null' : JSON.stringify(element)}`;
    } else {
      // As JSON.stringify does.
      if (part === undefined) continue;
      yield `${lead}${JSON.stringify(key)}: `;
      const below = entries === undefined || entries instanceof z.ZodType ? undefined : ownSchema(entries, key);
      yield* piecesOf(shaped(part), levels - 1, `${indent}  `, below);
    }
    lead = `,\n${indent}  `;
  }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

function ownSchema(entries: EntrySchemas, key: string): z.ZodType | EntrySchemas | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

function hasComposite(value: object): boolean {
  return Object.values(value).some((part) => typeof part === 'object' && part !== null);
}
