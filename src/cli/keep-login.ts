import type { Job } from '../job/job.ts';
import type { Context } from './command.ts';

/** Has no part of a private key printed. */
export function keepKey(pem: string, { keepSecret }: Pick<Context, 'keepSecret'>): void {
  keepSecret(pem.trim());
  for (const line of pem.split(/\r?\n/)) if (!line.startsWith('-----')) keepSecret(line.trim());
}

/** Has nothing printed by which a server lets somebody in: token, password, what a proxy wants, the path of the address. */
export function keepLogin(
  { url, basicAuth, login }: Job['server'],
  { keepSecret, onOutsideValue }: Pick<Context, 'keepSecret' | 'onOutsideValue'>,
): void {
  keepSecret(login.kind === 'token' ? login.authToken : login.password);
  onOutsideValue(url);
  if (basicAuth === undefined) return;
  const encoded = basicAuth.replace(/^Basic /, '');
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  for (const secret of [encoded, user, password]) keepSecret(secret);
}

/** Characters: a shorter part of a path is a word, and hiding it would blot out half of what is printed. */
const shortestSecret = 8;

/** Has nothing printed by which somebody could post to the addresses. */
export function keepAddresses({ notify }: Pick<Job, 'notify'>, { keepSecret }: Pick<Context, 'keepSecret'>): void {
  for (const address of [notify?.webhook, notify?.rocketchat]) {
    if (address === undefined) continue;
    const { pathname, search, username, password } = new URL(address);
    const parts = [pathname + search, ...pathname.split('/'), search.slice(1), username, password];
    for (const part of parts.filter(({ length }) => length >= shortestSecret)) keepSecret(part);
  }
}
