import type { Disk } from '../../system/disk.ts';
import { errorCode, OutputError } from '../../errors.ts';
import type { StoredFrame } from '../frame.ts';
import { framesIn } from '../read-frames.ts';
import { gunzipped } from './gzipped.ts';
import { keptEnding } from './compress-journals.ts';

type Reading = Pick<Disk, 'readChunks'>;

/**
 * The frames of a journal under `_raw`, compressed or, as earlier builds kept them, not. Nothing else reads there.
 *
 * @throws OutputError for a file that is not there, or is no gzip file though its name says so
 */
export async function* readKeptJournal(disk: Reading, path: string): AsyncGenerator<StoredFrame> {
  yield* framesIn(keptChunks(disk, path), 0);
}

/** The bytes of such a journal as the run wrote them, piece by piece. @throws as `readKeptJournal` */
export async function* keptChunks(disk: Reading, path: string): AsyncGenerator<Uint8Array> {
  const chunks = disk.readChunks(path);
  if (!path.endsWith(keptEnding)) {
    yield* chunks;
    return;
  }
  try {
    yield* gunzipped(chunks);
  } catch (cause) {
    if (errorCode(cause)?.startsWith('Z_') !== true) throw cause;
    throw new OutputError(`Cannot read "${path}": it is no gzip file, or damaged`, {
      cause,
      hint: 'Restore the file from a backup; `verify` names every file that is not what it was',
    });
  }
}
