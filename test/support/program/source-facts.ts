import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Import {
  readonly to: string;
  readonly typesOnly: boolean;
}

/** What the compiler finds in a source. */
export interface SourceFacts {
  readonly imports: readonly Import[];
  /** Names it declares and exports. */
  readonly exports: readonly string[];
  /** Global names and calls it uses. */
  readonly globals: readonly string[];
  /** Lines with an `any`. */
  readonly anys: readonly number[];
}

type Kept = Readonly<Record<string, SourceFacts>>;

/** Beside the sources without their types: to load the compiler and parse all takes seconds, of which a run needs none. */
const place = join(import.meta.dirname, '../../../node_modules/.cache/source-facts.json');
const parser = readFileSync(join(import.meta.dirname, 'parse-source.ts'));

/** Each source with its facts, which are kept by the hash of its text and of what parses it. */
export async function withFacts<Source extends { readonly path: string; readonly text: string }>(
  sources: readonly Source[],
): Promise<readonly (Source & SourceFacts)[]> {
  const kept = keptFacts();
  const facts: Record<string, SourceFacts> = {};
  const all: (Source & SourceFacts)[] = [];
  let isNew = false;
  for (const source of sources) {
    const { path, text } = source;
    const key = createHash('sha256').update(parser).update(`${path}\0${text}`).digest('hex');
    const known = kept[key];
    isNew ||= known === undefined;
    const found = (facts[key] = known ?? (await import('./parse-source.ts')).parseSource(path, text));
    all.push({ ...source, ...found });
  }
  if (isNew) keep(facts);
  return all;
}

function keptFacts(): Kept {
  try {
    return JSON.parse(readFileSync(place, 'utf8')) as Kept;
  } catch {
    return {};
  }
}

function keep(facts: Kept): void {
  mkdirSync(dirname(place), { recursive: true });
  const own = `${place}.${process.pid}`;
  writeFileSync(own, JSON.stringify(facts));
  renameSync(own, place);
}
