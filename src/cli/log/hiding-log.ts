import type { Secrets } from './secrets.ts';
import type { Fields, Log } from './log.ts';

/** The log itself hides: no warning, progress line or field has to think of it. */
export function hidingLog(log: Log, secrets: Pick<Secrets, 'hide'>): Log {
  const hide = (text: string): string => secrets.hide(text);
  const hidden = (fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? hide(value) : value]),
    );
  return {
    isLive: log.isLive,
    detail: (message, fields = {}) => log.detail(hide(message), hidden(fields)),
    info: (message, fields = {}) => log.info(hide(message), hidden(fields)),
    warn: (message, { hint, ...fields } = {}) =>
      log.warn(hide(message), { ...hidden(fields), ...(hint !== undefined && { hint: hide(hint) }) }),
    error: ({ message, hint }, fields, stack) =>
      log.error({ message: hide(message), hint: hint === undefined ? hint : hide(hint) }, hidden(fields), hide(stack)),
    status: (render) => log.status(render === null ? null : (columns) => hide(render(columns))),
  };
}
