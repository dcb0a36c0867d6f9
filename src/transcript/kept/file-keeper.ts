import { sha256 } from '../../archive/hash-file.ts';
import { textsFile, wordsFile, type IndexSegment } from '../search/engine/index-shape.ts';
import { madeLine, type MadeFile, type MadeSegment, type MadeTranscript } from './made-files.ts';
import { answersTo, type PageSource } from './page-key.ts';

/** Knows which files of the transcript before are what would be made now, and notes of all what they are made of. */
export class FileKeeper {
  readonly #before: MadeTranscript | undefined;
  readonly #lines: string[];
  /** Paths of the transcript. */
  readonly made = new Set<string>();

  /** @param before undefined: there is nothing to be taken over */
  constructor(maker: string, before: MadeTranscript | undefined) {
    this.#before = before?.maker === maker ? before : undefined;
    this.#lines = [madeLine('maker', maker)];
  }

  /** Segments of the index before, oldest first. */
  get segments(): readonly MadeSegment[] {
    return this.#before?.segments ?? [];
  }

  /** Whether the file is there already; then it is noted. @param hash SHA-256 of its text */
  keepsText(path: string, hash: string): boolean {
    const known = this.#before?.files.get(path);
    if (known?.sha256 !== hash || known.page !== undefined) return false;
    this.note(known);
    return true;
  }

  /** The same of a page of messages. @param key as `pageKey` says */
  keepsPage({ path, context }: PageSource, key: string): boolean {
    const known = this.#before?.files.get(path);
    if (known?.page?.key !== key) return false;
    const { asked } = known.page;
    if (asked.answers !== answersTo(asked, context)) return false;
    this.note(known);
    return true;
  }

  /** The same of all files of a segment of the index. @param at which one */
  keepsSegment(at: number, made: MadeSegment): boolean {
    const paths = segmentFiles(at, made.segment);
    const known = paths.map((path) => this.#before?.files.get(path));
    if (known.includes(undefined)) return false;
    for (const file of known) if (file !== undefined) this.note(file);
    this.noteSegment(made);
    return true;
  }

  note(file: MadeFile): void {
    this.made.add(file.path);
    this.#lines.push(madeLine('file', file));
  }

  noteSegment(made: MadeSegment): void {
    this.#lines.push(madeLine('segment', made));
  }

  /** What `readMade` reads. */
  text(): string {
    const text = this.#lines.join('');
    return text + madeLine('sha256', sha256(text));
  }
}

/** In the order in which they are written. */
function segmentFiles(at: number, { words, texts }: IndexSegment): readonly string[] {
  return [...texts.map((_, shard) => textsFile(at, shard)), ...words.map((_, shard) => wordsFile(at, shard))].map(
    (name) => `search/${name}`,
  );
}
