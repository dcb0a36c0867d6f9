import type { Level, Log } from './log.ts';
import type { ProcessContext } from '../process-context.ts';

export interface LogOptions {
  readonly logFormat?: 'json' | 'pretty';
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** On a terminal plain lines and a status line, elsewhere log lines, in the format asked for. */
export async function createLog(
  { logFormat, quiet, verbose }: LogOptions,
  processContext: ProcessContext,
): Promise<Log> {
  const level: Level = quiet ? 'warn' : verbose ? 'detail' : 'info';
  if (logFormat === 'json') {
    const { createJsonLog } = await import('./json-log.ts');
    return createJsonLog(processContext, level);
  }
  const { createLineLog } = await import('./line-log.ts');
  const isLive = logFormat === undefined && processContext.stderr.columns !== null;
  return createLineLog(processContext, level, isLive ? (quiet ? 'plain' : 'live') : 'timed');
}
