import { UsageError } from '../errors.ts';

/**
 * What is said of an archive whose first run is not published. Nobody can tell from it whether that run is at work.
 *
 * @param action completes "Cannot … <archive>"
 */
export function noRunPublished(action: string, archive: string): UsageError {
  return new UsageError(`Cannot ${action} "${archive}": no run has been published yet`, {
    hint: 'Wait for the run that is at work; if it was cut, run the job once more: it resumes where it stopped',
  });
}
