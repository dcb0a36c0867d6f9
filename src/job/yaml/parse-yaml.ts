import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { firstTooDeep, maxDepth } from './yaml-depth.ts';
import { syntaxProblems } from './yaml-syntax.ts';
import type { YamlProblem } from './yaml-syntax.ts';
import type { Position, YamlEntry, YamlTree } from './yaml-tree.ts';

type YamlResult =
  | { readonly kind: 'tree'; readonly tree: YamlTree }
  | { readonly kind: 'problems'; readonly problems: readonly YamlProblem[] };

/** Aliases of aliases can make a small file stand for billions of values; a job file has some dozens. */
const maxNodes = 10_000;

/**
 * Reads YAML 1.2. Never throws for any text: syntax errors, duplicate keys, tags, endless or exploding aliases, an
 * empty file and several documents are problems with a position.
 */
export function parseYaml(text: string): YamlResult {
  const lines = new LineCounter();
  const positionOf = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    // linePos answers line 0 for an empty text.
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const failed = (...problems: readonly YamlProblem[]): YamlResult => ({ kind: 'problems', problems });

  const tooDeepAt = firstTooDeep(text);
  if (tooDeepAt !== undefined) {
    const before = text.slice(0, tooDeepAt).split('\n');
    const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return failed({ position, text: `values are nested more than ${maxDepth} deep` });
  }
  // Duplicate keys are looked for below, where the key's name and first place are known.
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const documents = Array.isArray(parsed) ? parsed : [];
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  if (errors.length > 0) return failed(...syntaxProblems(text, errors, positionOf));

  const [document, second] = documents;
  const start = { line: 1, column: 1 };
  const hint = 'Start from one of the examples in jobs/';
  if (document?.contents == null || (isScalar(document.contents) && document.contents.value === null)) {
    return failed({ position: start, text: 'the file is empty', hint });
  }
  if (second !== undefined) {
    const position = positionOf(second.range[0]);
    return failed({ position, text: 'a second document begins here', hint: 'Write one file for each job' });
  }
  const builder = new TreeBuilder(document, positionOf);
  const tree = builder.build(document.contents, start);
  return builder.problems.length > 0 ? failed(...builder.problems) : { kind: 'tree', tree };
}

class TreeBuilder {
  readonly problems: YamlProblem[] = [];
  readonly #document: Document;
  readonly #positionOf: (offset: number) => Position;
  readonly #open = new Set<unknown>();
  #nodes = 0;

  constructor(document: Document, positionOf: (offset: number) => Position) {
    this.#document = document;
    this.#positionOf = positionOf;
  }

  /** `fallback` is the place of a value that is not written at all. */
  build(node: unknown, fallback: Position): YamlTree {
    const position = this.#place(node) ?? fallback;
    const nothing: YamlTree = { kind: 'scalar', position, value: null };
    this.#nodes += 1;
    if (this.#nodes > maxNodes) {
      if (this.#nodes === maxNodes + 1)
        this.#report(position, `aliases make more than ${maxNodes} values of this file`);
      return nothing;
    }
    if (isAlias(node)) {
      const target = node.resolve(this.#document);
      const hint = `If "*${node.source}" is meant as text, put quotes around it`;
      if (target === undefined) this.#report(position, `no anchor "&${node.source}" stands before this alias`, hint);
      else if (this.#open.has(target)) this.#report(position, `the alias "*${node.source}" contains itself`, hint);
      else return { ...this.build(target, position), position };
      return nothing;
    }
    if (isScalar(node)) return this.#scalar(node.value, position);
    if (!isSeq(node) && !isMap(node)) return nothing;

    this.#open.add(node);
    const tree: YamlTree = isSeq(node)
      ? { kind: 'list', position, items: node.items.map((item) => this.build(item, position)) }
      : { kind: 'map', position, entries: this.#entries(node.items, position) };
    this.#open.delete(node);
    return tree;
  }

  #scalar(value: unknown, position: Position): YamlTree {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return { kind: 'scalar', position, value };
    }
    this.#report(position, 'this kind of value has no place in a job file', 'Put quotes around it to make it text');
    return { kind: 'scalar', position, value: null };
  }

  #entries(
    pairs: readonly { readonly key: unknown; readonly value: unknown }[],
    position: Position,
  ): Map<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>();
    for (const { key, value } of pairs) {
      const keyPosition = this.#place(key) ?? position;
      if (!isScalar(key)) {
        this.#report(keyPosition, 'a key should be a word, not a list, a map or an alias');
        continue;
      }
      const name = String(key.value);
      const first = entries.get(name);
      if (first !== undefined) {
        this.#report(
          keyPosition,
          `the key "${name}" was there before, on line ${first.keyPosition.line}`,
          'Keep one of the two',
        );
        continue;
      }
      entries.set(name, { keyPosition, value: this.build(value, keyPosition) });
    }
    return entries;
  }

  #place(node: unknown): Position | undefined {
    return isNode(node) && node.range ? this.#positionOf(node.range[0]) : undefined;
  }

  #report(position: Position, text: string, hint?: string): void {
    this.problems.push({ position, text, ...(hint === undefined ? {} : { hint }) });
  }
}
