import { DifferenceError } from '../../errors.ts';
import type { ArchiveLink } from '../load/archive-links.ts';

/** What a target has got when everything before is stored. */
export interface EmitState {
  /** Number of the last link of the chain that was emitted; 0: none. */
  readonly run: number;
  /** Of that link: it vouches for all links before it. */
  readonly manifest_sha256: string | null;
  /** By table the number of the newest link when it was emitted as a whole. */
  readonly versions: Readonly<Record<string, number>>;
}

export const noState: EmitState = { run: 0, manifest_sha256: null, versions: {} };

/**
 * How many links of the archive a state covers.
 *
 * @throws DifferenceError when it is of another archive, or of this one before it was written anew
 */
export function linksEmitted(
  { run, manifest_sha256: hash }: EmitState,
  archive: string,
  links: readonly ArchiveLink[],
): number {
  if (run === 0) return 0;
  const link = links[run - 1];
  if (link?.sha256 === hash) return run;
  throw new DifferenceError(
    `Cannot emit "${archive}": the manifest of run ${run} in the state has SHA-256 ${String(hash)}, and in the archive ${link?.sha256 ?? 'there is none'}`,
    {
      hint: 'The state is of another archive, or this one was written anew or restored: emit without --state, into empty tables',
    },
  );
}
