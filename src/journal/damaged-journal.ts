import { OutputError } from '../errors.ts';

/** A journal was whole when the extract half wrote or opened it. */
export function damagedAt(path: string, byte: number): OutputError {
  return new OutputError(`Cannot load "${path}": it has been damaged since it was written, at byte ${byte}`, {
    hint: 'Check the disk, then run the same command again: what cannot be read is asked for again',
  });
}
