import type { Level, Log } from './log.ts';
import type { ProcessContext } from '../process-context.ts';

export interface LogOptions {
  readonly logFormat?: 'json' | 'pretty';
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/**
 * On a terminal plain lines and a status line, elsewhere log lines, in the format asked for. A status line needs a terminal
 * that can erase it, and somebody who watches: not `TERM=dumb`, as in Emacs, nor `CI`, where lines are kept.
 */
export async function createLog(
  { logFormat, quiet, verbose }: LogOptions,
  processContext: Pick<ProcessContext, 'stderr' | 'clock' | 'env'>,
): Promise<Log> {
  const level: Level = quiet ? 'warn' : verbose ? 'detail' : 'info';
  if (logFormat === 'json') {
    const { createJsonLog } = await import('./json-log.ts');
    return createJsonLog(processContext, level);
  }
  const { createLineLog } = await import('./line-log.ts');
  const { stderr, env } = processContext;
  if (logFormat === 'pretty' || stderr.columns === null) return createLineLog(processContext, level, 'timed');
  const isKept = env['TERM'] === 'dumb' || !['', '0', 'false', undefined].includes(env['CI']);
  return createLineLog(processContext, level, quiet || isKept ? 'plain' : 'live');
}
