import type { Period } from '../../model/time/period.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import type { RunOutcomes } from '../../plan/stream-outcome.ts';

/** What the manifest says where a job asks for the messages of a period only. */
export function periodNotes(
  { listsOutsidePeriod }: Pick<RunPlan, 'listsOutsidePeriod'>,
  streams: RunOutcomes['streams'],
): readonly string[] {
  const keysOf = new Map<string, Set<string>>();
  for (const { stream } of streams) {
    const text = periodText(stream.period);
    if (text !== '') keysOf.set(text, (keysOf.get(text) ?? new Set()).add(stream.key));
  }
  return [
    ...[...keysOf].map(
      ([text, keys]) =>
        `${lists(keys.size)} read for a period only: messages sent ${text}. Others, and what happens to them, were not asked for.`,
    ),
    ...(listsOutsidePeriod === 0
      ? []
      : [
          `The archive holds messages outside the period of the job, of ${listsOutsidePeriod} ${listsOutsidePeriod === 1 ? 'list' : 'lists'} that earlier runs read: their rows stay, and are kept up to date.`,
        ]),
  ];
}

function lists(count: number): string {
  return count === 1 ? 'One list was' : `${count} lists were`;
}

/** Empty: at any time. */
function periodText({ sinceMs, untilMs }: Period): string {
  const since = sinceMs === null ? [] : [`since ${new Date(sinceMs).toISOString()}`];
  const until = untilMs === null ? [] : [`before ${new Date(untilMs).toISOString()}`];
  return [...since, ...until].join(' and ');
}
