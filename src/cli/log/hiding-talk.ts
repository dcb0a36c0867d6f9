import type { Secrets } from './secrets.ts';
import type { Fields, Talk } from './talk.ts';

/** The talk itself hides: no warning, progress line or field has to think of it. */
export function hidingTalk(talk: Talk, secrets: Pick<Secrets, 'hide'>): Talk {
  const hide = (text: string): string => secrets.hide(text);
  const hidden = <F extends Fields>(fields: F): F => {
    const entries = Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? hide(value) : value,
    ]);
    return Object.fromEntries(entries) as F;
  };
  return {
    isLive: talk.isLive,
    detail: (message, fields = {}) => talk.detail(hide(message), hidden(fields)),
    info: (message, fields = {}) => talk.info(hide(message), hidden(fields)),
    warn: (message, fields = {}) => talk.warn(hide(message), hidden(fields)),
    error: ({ message, hint }, fields, stack) =>
      talk.error({ message: hide(message), hint: hint === undefined ? hint : hide(hint) }, hidden(fields), hide(stack)),
    status: (render) => talk.status(render === null ? null : () => hide(render())),
  };
}
