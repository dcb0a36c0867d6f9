import { JobError } from '../errors.ts';
import type { Job } from '../job/job.ts';

/** What makes a list of jobs no schedule. */
export function scheduleProblems(jobs: readonly Job[]): readonly JobError[] {
  const untimed = jobs.filter((job) => job.schedule === undefined);
  const doubled = jobs.filter(({ name }, index) => jobs.findIndex((job) => job.name === name) < index);
  return [
    ...untimed.map(
      ({ name }) =>
        new JobError(`Cannot schedule job "${name}": it has no "schedule", expected a cron expression`, {
          hint: 'Add for example schedule: "15 2 * * *" to its file, or use the command run',
        }),
    ),
    ...doubled.map(
      ({ name }) =>
        new JobError(`Cannot schedule two jobs of the name "${name}", expected each once`, {
          hint: 'Logs and metrics distinguish jobs by name: give each file another "name"',
        }),
    ),
  ];
}
