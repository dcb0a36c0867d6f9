import { pino } from 'pino';
import type { Level, Log } from './log.ts';
import type { ProcessContext } from '../process-context.ts';

const pinoLevels = { warn: 'warn', info: 'info', detail: 'debug' } as const satisfies Record<Level, string>;

/** One JSON object a line, for whatever collects logs: `time` (ISO 8601), `level`, `msg` and fields. */
export function createJsonLog({ stderr, clock }: Pick<ProcessContext, 'stderr' | 'clock'>, level: Level): Log {
  const logger = pino(
    {
      level: pinoLevels[level],
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => stderr.write(line) },
  );
  return {
    isLive: false,
    detail: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: ({ message, hint }, fields, stack) =>
      logger.error({ ...fields, ...(hint !== undefined && { hint }), ...(level === 'detail' && { stack }) }, message),
    status: () => undefined,
  };
}
