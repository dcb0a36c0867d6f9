import { sortableTime } from '../../read/row-line.ts';
import type { ExternalSort } from '../../sort/external-sort.ts';
import type { TranscriptFolder } from '../../write/transcript-folder.ts';
import { searchScript } from '../data/search-script.ts';
import {
  directoryFile,
  shardCalls,
  type IndexDirectory,
  type IndexedMessage,
  type IndexRoom,
  type IndexSegment,
} from '../engine/index-shape.ts';
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

  async add(message: IndexedMessage): Promise<void> {
    this.#messages += 1;
    await this.#sort.add(`${sortableTime(message[8])}${JSON.stringify(message)}`);
  }

  async finish(facts: IndexFacts): Promise<void> {
    const segments: IndexSegment[] = [];
    let open: SegmentWriter | undefined;
    for await (const line of this.#sort.sorted()) {
      const json = line.slice(line.indexOf('['));
      const message = JSON.parse(json) as IndexedMessage;
      open ??= new SegmentWriter(this.#folder, segments.length);
      await open.add(json, message, this.#rooms[message[4]]?.[0] ?? '');
      if (!open.isFull) continue;
      segments.push(await open.finish());
      open = undefined;
    }
    if (open !== undefined) segments.push(await open.finish());
    const directory: IndexDirectory = {
      ...{ version: 1, ...facts, messages: this.#messages, rooms: this.#rooms, segments },
    };
    await this.#folder.write(`search/${directoryFile}`, `${shardCalls.index}(${JSON.stringify(directory)});\n`);
    await this.#folder.write('search/search.js', searchScript);
  }
}
