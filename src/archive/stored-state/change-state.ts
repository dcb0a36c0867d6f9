import { resolve } from 'node:path';
import { omitUndefined } from '../../omit-undefined.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';
import { systemSurroundings } from '../../system/system-surroundings.ts';
import { expectArchive } from '../expect-archive.ts';
import { underLock, type WriterEnvironment } from '../lock/under-lock.ts';
import { archiveState, type ArchiveState } from './archive-state.ts';
import { roomsNamed } from './rooms-named.ts';
import { askForRefill, resetState, rewriteState } from './state-links.ts';

/** A change of where the next run starts. */
export type StateAction =
  /** It reads these rooms again from their beginning: ids, names, or names that they had. */
  | { readonly kind: 'reset'; readonly rooms: readonly string[] }
  /** It writes all current rows anew, as its job makes them, from the responses that every run kept, without asking for those. */
  | { readonly kind: 'refill' }
  /** It reads every room again. */
  | { readonly kind: 'forget' }
  /** `_state.json` is made anew from the chain of manifests: it is damaged, or gone. */
  | { readonly kind: 'rebuild' };

/** What a caller asks of a change of state, and what replaces parts of the environment. */
export interface ChangeStateOptions extends Partial<WriterEnvironment> {
  /** Signs the link of a reset: a signed archive is not reset without. */
  readonly signer?: LinkSigner;
  /** Aborting it ends the waiting for somebody who may still write. */
  readonly signal?: AbortSignal;
}

/**
 * Has the next run read rooms again, or makes the state of an archive anew. Nothing that was published is changed or removed;
 * a reset is a link of the chain of manifests, like a run.
 *
 * @param folder that a job names as its output
 * @returns the state as it is afterwards: lists that are read again have `reset`
 * @throws UsageError when there is no archive, for a room that no run has read, for a refill where some run kept no responses, and for a signed archive without its key;
 *   StoppedError while a run is open or somebody else writes; OutputError for a damaged archive. Nothing is changed then
 */
export async function changeState(
  folder: string,
  action: StateAction,
  options: ChangeStateOptions = {},
): Promise<ArchiveState> {
  const environment = { ...systemSurroundings(), ...omitUndefined(options) };
  const archive = resolve(folder);
  // Taking the lock makes the folder: a typing error must not.
  await expectArchive(environment.disk, archive, `${action.kind} the state of`);
  const now = new Date(environment.clock.now()).toISOString();
  const state = await underLock(archive, environment, ({ disk }) => {
    switch (action.kind) {
      case 'reset':
        return resetState(disk, archive, now, (before) => roomsNamed(before, action.rooms), environment.signer);
      case 'refill':
        return askForRefill(disk, archive, now, environment.signer);
      case 'forget':
        return resetState(disk, archive, now, () => 'all', environment.signer);
      case 'rebuild':
        return rewriteState(disk, archive);
    }
  });
  return archiveState(state);
}
