import { z } from 'zod';
import { JsonShapeError, parseJson, parseShape } from '../../archive/json-shape.ts';
import { DifferenceError, UsageError } from '../../errors.ts';
import type { ArchiveLink } from '../load/archive-links.ts';

/** The value of a STATE message: what the target has got when all messages before it are stored. */
export interface SingerState {
  /** Number of the last link of the chain that was emitted; 0: none. */
  readonly run: number;
  /** Of that link: it vouches for all links before it. */
  readonly manifest_sha256: string | null;
  /** By table the number of the newest link when it was emitted as a whole: what its records say as `version`. */
  readonly versions: Readonly<Record<string, number>>;
}

export const noState: SingerState = { run: 0, manifest_sha256: null, versions: {} };

const stateSchema = z.object({
  run: z.int().min(1),
  manifest_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  versions: z.record(z.string(), z.int().min(1)),
});

/**
 * Parses a file that a target has written: the value of the last STATE message that it got. `{}`, which runners hand over
 * before there is any, is none.
 *
 * @throws UsageError when it is something else
 */
export function parseSingerState(bytes: Uint8Array, path: string): SingerState {
  try {
    const value = parseJson(bytes);
    if (JSON.stringify(value) === '{}') return noState;
    return parseShape(stateSchema, value);
  } catch (error) {
    if (!(error instanceof JsonShapeError)) throw error;
    throw new UsageError(`Cannot read the state "${path}": ${error.message}`, {
      hint: 'It holds the `value` of the last STATE line, as targets print it; without --state, everything is emitted',
    });
  }
}

/**
 * How many links of the archive a state covers.
 *
 * @throws DifferenceError when it is of another archive, or of this one before it was written anew
 */
export function linksEmitted(
  { run, manifest_sha256: hash }: SingerState,
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
