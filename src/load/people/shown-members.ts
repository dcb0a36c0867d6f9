import type { TransformOptions } from '../../job/job.ts';
import type { Member } from '../../model/people/member.ts';
import { loadSteps } from '../../transforms/steps/load-steps.ts';
import { StepChain } from '../../transforms/steps/step-chain.ts';

/** How the rows of a job show people and rooms: by its pseudonyms, or as they are. @throws JobError as loadSteps */
export async function shownMembers({ steps = [] }: TransformOptions): Promise<(member: Member) => Member> {
  const chain = new StepChain(await loadSteps(steps));
  return (member) => chain.member(member);
}
