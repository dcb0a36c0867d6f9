import { counted } from '../../model/text/counted.ts';
import { purgedStepName } from '../../model/run/purge-rule.ts';
import type { LoadResult } from '../../model/run/load-result.ts';

/** What a run read and did not write because of purges before it, in a sentence for the manifest. */
export function purgedNotes(steps: LoadResult['steps']): readonly string[] {
  const messages = steps.find(({ step }) => step === purgedStepName)?.dropped ?? 0;
  if (messages === 0) return [];
  return [
    `${counted(messages, 'message')} that the server has ${messages === 1 ? 'was' : 'were'} left out: a purge, or \`retention\`, keeps such out for good. Of rooms and people that the job holds these are only what was purged by its id or its sender.`,
  ];
}
