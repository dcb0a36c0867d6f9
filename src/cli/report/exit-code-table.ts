import { exitCodes, type ExitCode } from '../../errors.ts';

/** What each exit code means, in the words of the help; in the order of the codes. */
const meanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.complete, 'complete'],
  [exitCodes.gaps, 'finished with gaps, which the manifest names: what could not be read'],
  [exitCodes.difference, 'an archive is not what its manifests say'],
  [exitCodes.usage, 'the command line is wrong'],
  [exitCodes.unreachable, 'the server cannot be reached'],
  [exitCodes.bug, 'a bug in this program'],
  [exitCodes.output, 'the output cannot be written, or an archive cannot be read'],
  [exitCodes.stopped, 'stopped, with nothing lost: run the same command again'],
  [exitCodes.access, 'the login was refused, or lacks a permission'],
  [exitCodes.job, 'the job file is wrong, or does not fit the workspace'],
  [exitCodes.sigint, 'interrupted by SIGINT (Ctrl-C)'],
  [exitCodes.sigterm, 'interrupted by SIGTERM'],
];

/** The table of exit codes for a help text. @param codes which; default: all */
export function exitCodeTable(codes?: readonly ExitCode[]): string {
  const shown = meanings.filter(([code]) => codes === undefined || codes.includes(code));
  return ['Exit codes:', ...shown.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`)].join('\n');
}
