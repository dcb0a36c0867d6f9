import { z } from 'zod';
import { OutputError } from '../errors.ts';
import type { Bucket } from './client/bucket.ts';
import { endpointHint } from './client/storage-failure.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const link = z.object({ run: z.int().min(1), sha256: hash });

/** `_pushed.json`: what has been pushed, and what is being. Replaced by If-Match only: of two pushers one gets it. */
const pointerSchema = z.object({
  version: z.literal(1),
  /** The newest link whose push has ended, by the SHA-256 of its manifest; null: none has. */
  newest: link.nullable(),
  /** Of SHA256SUMS then. */
  sums: hash.nullable(),
  /** The link up to which is being pushed: its manifest is the commit. null: no push is open. */
  pushing: link.nullable(),
});

export type Pointer = z.infer<typeof pointerSchema>;

/** The pointer as it stands in a bucket. */
export interface StoredPointer {
  readonly pointer: Pointer;
  /** null: there is none yet. */
  readonly etag: string | null;
  /** Since when it is as it is, epoch milliseconds by the store's clock. */
  readonly modifiedMs: number;
  /** The store's own time; undefined: there was no pointer to ask for it. */
  readonly nowMs: number | undefined;
}

/** Below the prefix of the archive. */
export const pointerKey = '_pushed.json';

const none: Pointer = { version: 1, newest: null, sums: null, pushing: null };

/** @throws OutputError for one that is damaged, or of a newer version */
export async function readPointer(bucket: Bucket): Promise<StoredPointer> {
  const found = await bucket.read(pointerKey);
  if (found === undefined) return { pointer: none, etag: null, modifiedMs: 0, nowMs: undefined };
  const { bytes, etag, modifiedMs, nowMs } = found;
  return { pointer: parsePointer(bytes, bucket.client.addressOf(pointerKey)), etag, modifiedMs, nowMs };
}

function parsePointer(bytes: Buffer, address: string): Pointer {
  try {
    return pointerSchema.parse(JSON.parse(bytes.toString()));
  } catch (cause) {
    if (!(cause instanceof z.ZodError || cause instanceof SyntaxError)) throw cause;
    if (bytes.toString().trimStart().startsWith('<')) {
      throw new OutputError(`Cannot read "${address}": a web page came, not what a push writes`, {
        cause,
        hint: endpointHint,
      });
    }
    throw new OutputError(`Cannot read "${address}": it is not what a push writes`, {
      cause,
      hint: 'A newer version of this program may have written it: update the program; or remove it, and push again',
    });
  }
}

export function pointerBytes(pointer: Pointer): Buffer {
  return Buffer.from(`${JSON.stringify(pointer, null, 2)}\n`);
}

/** Runs from the first without a gap. @param runs that have a manifest, ascending */
export function linkedRuns(runs: readonly number[]): readonly number[] {
  return runs.filter((run, at) => run === at + 1);
}

/**
 * The runs of which a reader may build: those whose manifests are there, without a gap. While a push is open whose last
 * manifest has not come, those that came before it: files that a compaction behind them replaces are in none.
 *
 * @param runs that have a manifest, ascending
 */
export function wholeRuns(runs: readonly number[], { newest, pushing }: Pointer): readonly number[] {
  const linked = linkedRuns(runs);
  if (pushing === null || linked.length >= pushing.run) return linked;
  return linked.slice(0, newest?.run ?? 0);
}
