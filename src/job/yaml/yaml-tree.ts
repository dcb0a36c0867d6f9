import type { KeyPath } from '../problem.ts';

/** Where something stands in the file, both counted from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type YamlScalar = string | number | boolean | null;

/** What a job file says, as plain data with the place of every value and key; aliases are followed. */
export type YamlTree =
  | { readonly kind: 'scalar'; readonly position: Position; readonly value: YamlScalar }
  | { readonly kind: 'list'; readonly position: Position; readonly items: readonly YamlTree[] }
  | { readonly kind: 'map'; readonly position: Position; readonly entries: ReadonlyMap<string, YamlEntry> };

export interface YamlEntry {
  readonly keyPosition: Position;
  readonly value: YamlTree;
}

/** The place of the value at `path`, or of its key; for what is not written, the place of the nearest thing round it. */
export function locate(tree: YamlTree, path: KeyPath, part: 'value' | 'key'): Position {
  let node = tree;
  let place = tree.position;
  for (const step of path) {
    const entry = node.kind === 'map' && typeof step === 'string' ? node.entries.get(step) : undefined;
    const next = entry?.value ?? (node.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined);
    if (next === undefined) return place;
    node = next;
    place = part === 'key' && entry !== undefined ? entry.keyPosition : next.position;
  }
  return place;
}
