import { createHash, type Hash } from 'node:crypto';
import type { FileKeeper } from '../kept/file-keeper.ts';
import type { MadeSegment } from '../kept/made-files.ts';
import type { ArchivedMessage } from '../read/archived-message.ts';
import { sortableTime } from '../read/row-line.ts';
import type { ExternalSort } from '../sort/external-sort.ts';
import type { TranscriptFolder } from '../kept/transcript-folder.ts';
import { searchScript } from '../search/data/search-script.ts';
import { isIndexedMessage } from '../search/engine/index-guards.ts';
import {
  directoryFile,
  shardCalls,
  type IndexDirectory,
  type IndexRoom,
  type IndexSegment,
} from '../search/engine/index-shape.ts';
import { indexedMessage, type MessagePlace } from '../search/indexed-message.ts';
import { SegmentWriter } from './segment-writer.ts';

/** What the directory says beside what was indexed. */
type IndexFacts = Pick<IndexDirectory, 'link' | 'sha256' | 'zone' | 'prefix'>;

/** Collects the messages of a transcript, and writes the index of them. */
export class IndexWriter {
  readonly #folder: TranscriptFolder;
  readonly #sort: ExternalSort;
  readonly #rooms: IndexRoom[] = [];
  #messages = 0;

  constructor(folder: TranscriptFolder, sort: ExternalSort) {
    this.#folder = folder;
    this.#sort = sort;
  }

  /** Rooms as the messages name them, by their place in the list. Returns that place. */
  addRoom(room: IndexRoom): number {
    return this.#rooms.push(room) - 1;
  }

  /** @returns what to wait for before the next one; undefined: nothing, as for most */
  add(archived: ArchivedMessage, place: MessagePlace): Promise<void> | undefined {
    this.#messages += 1;
    const message = indexedMessage(archived, place);
    return this.#sort.add(`${sortableTime(message[8])}${JSON.stringify(message)}`);
  }

  async finish(facts: IndexFacts): Promise<void> {
    const segments: IndexSegment[] = [];
    const keeper = this.#folder.keeper;
    const kept = keeper === undefined ? [] : await this.#keptSegments(keeper);
    let left = 0;
    for (const made of kept) {
      segments.push(made.segment);
      left += made.segment.messages;
    }
    let open: SegmentWriter | undefined;
    const close = async (writer: SegmentWriter, isFull: boolean): Promise<void> => {
      const segment = await writer.finish();
      segments.push(segment);
      keeper?.noteSegment({ segment, isFull, key: hash.digest('hex') });
      hash = this.#newHash();
      open = undefined;
    };
    let hash = this.#newHash();
    for await (const line of this.#sort.sorted()) {
      if (left > 0) {
        left -= 1;
        continue;
      }
      if (keeper !== undefined) hash.update(line);
      const json = line.slice(line.indexOf('['));
      const message: unknown = JSON.parse(json);
      if (!isIndexedMessage(message)) throw new Error('a sorted line has lost its message');
      open ??= new SegmentWriter(this.#folder, segments.length);
      await open.add(json, message, this.#rooms[message[4]]?.[0] ?? '');
      if (open.isFull) await close(open, true);
    }
    if (open !== undefined) await close(open, false);
    const directory: IndexDirectory = {
      version: 1,
      ...facts,
      messages: this.#messages,
      rooms: this.#rooms,
      segments,
    };
    await this.#folder.write(`search/${directoryFile}`, `${shardCalls.index}(${JSON.stringify(directory)});\n`);
    await this.#folder.write('search/search.js', searchScript);
  }

  /** Segments of the index before that would be the same again. */
  async #keptSegments(keeper: FileKeeper): Promise<readonly MadeSegment[]> {
    const same: MadeSegment[] = [];
    let [messages, hash, isBehind] = [0, this.#newHash(), false];
    for await (const line of this.#sort.sorted()) {
      const known = keeper.segments[same.length];
      if (known === undefined) {
        isBehind = true;
        break;
      }
      hash.update(line);
      messages += 1;
      if (messages < known.segment.messages) continue;
      if (hash.digest('hex') !== known.key) break;
      same.push(known);
      [messages, hash] = [0, this.#newHash()];
    }
    // The last one grows until it is full.
    if (isBehind && same.at(-1)?.isFull === false) same.pop();
    const lost = same.findIndex((made, at) => !keeper.keepsSegment(at, made));
    return lost < 0 ? same : same.slice(0, lost);
  }

  /** Of what messages are found by, all but the ids of rooms stands in their lines: those name them by their place. */
  #newHash(): Hash {
    return createHash('sha256').update(JSON.stringify(this.#rooms.map(([id]) => id)));
  }
}
