import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../errors.ts';
import { attempt } from '../disk-errors.ts';

/**
 * Asks the system whether this user may make files in a folder, or make the folder. Nothing is written: what only a write
 * shows (a full disk, a quota) is not found.
 *
 * @param folder absolute, need not be there
 * @param mayUse as `access` of Node
 * @throws OutputError with a hint
 */
export async function expectWritable(folder: string, mayUse: typeof access = access): Promise<void> {
  await attempt('write', folder, async () => {
    for (let at = folder; ; at = dirname(at)) {
      try {
        await mayUse(at, constants.W_OK | constants.X_OK);
        return;
      } catch (error) {
        if (errorCode(error) !== 'ENOENT' || at === dirname(at)) throw error;
      }
    }
  });
}
