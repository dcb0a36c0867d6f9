import { describe, expect, it } from '@jest/globals';
import { OutputError } from '../../src/errors.ts';
import { damagedAt } from '../../src/journal/damaged-journal.ts';

describe('the error for a journal that is not as it was written', () => {
  it('says which, from where on, and that nothing is lost by it', () => {
    const error = damagedAt('/archive/_work/journal/0001.pages', 4_096);
    expect(error).toBeInstanceOf(OutputError);
    expect(error.message).toBe(
      'Cannot load "/archive/_work/journal/0001.pages": it has been damaged since it was written, at byte 4096',
    );
    expect(error.hint).toBe('Check the disk, then run the same command again: what cannot be read is asked for again');
  });
});
