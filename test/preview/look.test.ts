import { describe, expect, it } from '@jest/globals';
import { InterruptedError, StoppedError } from '../../src/errors.ts';
import { checkJob } from '../../src/preview/check-job.ts';
import { planJob } from '../../src/preview/plan-job.ts';
import { here, jobFor } from '../support/runs/run-here.ts';

describe('a look that is aborted', () => {
  const job = jobFor('http://127.0.0.1:1', '/nowhere', {});

  it('does not say that what was read is saved: a look writes nothing', async () => {
    for (const looking of [planJob, checkJob]) {
      const error: unknown = await looking(job, { ...here, signal: AbortSignal.abort() }).catch(
        (cause: unknown) => cause,
      );
      expect(error).toBeInstanceOf(StoppedError);
      expect(error).toMatchObject({
        message: 'The look at the workspace was stopped: nothing was written',
        hint: 'Look again: it begins anew',
      });
    }
  });

  it('throws a reason that is one of ours', async () => {
    const reason = new InterruptedError('SIGINT');
    await expect(planJob(job, { ...here, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
