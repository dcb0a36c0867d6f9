import type { Secrets } from './secrets.ts';
import type { Fields, Log } from './log.ts';

/** The log itself hides: no warning, progress line or field has to think of it. */
export function hidingLog(log: Log, secrets: Pick<Secrets, 'hide'>): Log {
  const hide = (text: string): string => secrets.hide(text);
  const hidden = <F extends Fields>(fields: F): F => {
    const entries = Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? hide(value) : value,
    ]);
    return Object.fromEntries(entries) as F;
  };
  return {
    isLive: log.isLive,
    detail: (message, fields = {}) => log.detail(hide(message), hidden(fields)),
    info: (message, fields = {}) => log.info(hide(message), hidden(fields)),
    warn: (message, fields = {}) => log.warn(hide(message), hidden(fields)),
    error: ({ message, hint }, fields, stack) =>
      log.error({ message: hide(message), hint: hint === undefined ? hint : hide(hint) }, hidden(fields), hide(stack)),
    status: (render) => log.status(render === null ? null : (columns) => hide(render(columns))),
  };
}
