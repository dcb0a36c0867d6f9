import type { State } from '../../archive/state/state.ts';
import { JobError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { shardText, type Shard } from '../../model/run/shard.ts';

/**
 * Refuses to continue an archive as another part of the workspace than it was begun as: rooms would stay behind unread that
 * other archives have too, and nobody could say which of them is up to date.
 *
 * @throws JobError when the archive has runs of another shard, or of none
 */
export function expectSameShard({ name, output, shard }: Pick<Job, 'name' | 'output' | 'shard'>, state: State): void {
  if (state.run === 0 || (shard?.index === state.shard?.index && shard?.count === state.shard?.count)) return;
  throw new JobError(
    `Cannot run job "${name}" as ${partText(shard)}: "${output}" has runs of ${partText(state.shard)}`,
    {
      hint: `Give ${state.shard === undefined ? 'the job no "shard"' : `"shard" the values { index: ${state.shard.index}, count: ${state.shard.count} }`} again, or begin new archives in other folders`,
    },
  );
}

function partText(shard: Shard | undefined): string {
  return shard === undefined ? 'the whole workspace' : `shard ${shardText(shard)}`;
}
