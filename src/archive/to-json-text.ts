import { jsonPieces } from './json/json-pieces.ts';

/** The bytes of every JSON file of an archive: see jsonPieces. */
export function toJsonText(value: object, levels = 1): string {
  return [...jsonPieces(value, levels)].join('');
}
