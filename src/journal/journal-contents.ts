import type { ChangesRefusal, Cursor, Hole, PageRecord } from '../model/stream.ts';
import type { Disk } from '../system/disk.ts';
import type { Frame, StoredFrame } from './frame.ts';
import { readFrames } from './read-frames.ts';

/** Of a page that a journal holds. */
export interface KeptRecord extends PageRecord {
  /** At which its frame begins. */
  readonly startByte: number;
}

/** What a journal holds already when it is opened. */
export interface JournalContents {
  /** Records of its pages, in order. */
  readonly pages: readonly KeptRecord[];
  /** Places that the walk stepped over, in order. */
  readonly holes: readonly Hole[];
  /** Where a walk that was cut resumes: the cursor of the last page or hole; null: where it began. */
  readonly cursor: Cursor | null;
  /** Set when the pages are those of another list: see Frame. */
  readonly refusal: ChangesRefusal | null;
  /** The frame that closed it; null when the stream is still to be read, from the last page's cursor on. */
  readonly closing: Extract<Frame, { kind: 'end' | 'gap' }> | null;
  readonly sizeBytes: number;
}

/** Of a list that nothing has been written of. */
export const nothingJournaled: JournalContents = {
  pages: [],
  holes: [],
  cursor: null,
  refusal: null,
  closing: null,
  sizeBytes: 0,
};

/** What the journal at `path` holds, whole frames only; nothing when it is not there. Writes nothing. */
export async function readJournal(disk: Disk, path: string): Promise<JournalContents> {
  return contentsOf(readFrames(disk, path));
}

/** What these frames of a journal say, from its first on. */
export async function contentsOf(frames: AsyncIterable<StoredFrame>): Promise<JournalContents> {
  const pages: KeptRecord[] = [];
  const holes: Hole[] = [];
  let cursor: Cursor | null = null;
  let refusal: ChangesRefusal | null = null;
  let closing: JournalContents['closing'] = null;
  let sizeBytes = 0;
  for await (const { frame, endByte } of frames) {
    switch (frame.kind) {
      case 'page':
        pages.push({ ...frame.record, startByte: sizeBytes });
        cursor = frame.record.cursor;
        break;
      case 'hole':
        holes.push(frame.hole);
        cursor = frame.cursor;
        break;
      case 'refusal':
        refusal = { reason: frame.reason, instead: frame.instead };
        break;
      case 'end':
      case 'gap':
        closing = frame;
        break;
      case 'job':
      case 'plan':
      case 'answer':
      case 'refused':
      case 'journal':
      case 'file':
        // Of the run's own journal, or those of users, members and files.
        break;
    }
    sizeBytes = endByte;
  }
  return { pages, holes, cursor, refusal, closing, sizeBytes };
}

/** What the pages of a list hold that were read in the order of the list: not those that fill holes of earlier runs. */
export function savedPages({ pages }: Pick<JournalContents, 'pages'>): {
  readonly messages: number;
  readonly pages: number;
} {
  const saved = pages.filter(({ fills }) => fills === undefined);
  return {
    messages: saved.reduce((sum, { from, to, skip }) => sum + to - from - skip.length, 0),
    pages: saved.length,
  };
}
