import { UsageError } from '../../errors.ts';
import { percentDecoded } from '../../model/text/percent-decoded.ts';

/** Where the queue is. */
export interface QueueAddress {
  /** With the password, if REDIS_URL has one. */
  readonly url: string;
  /** For messages: without who logs in and how. */
  readonly shown: string;
  /** In every form that could turn up in a text. */
  readonly secrets: readonly string[];
}

const expected = 'Expected redis://host:port/number or rediss://host:port/number';

/**
 * The address of a Redis or Valkey: what an option says, with the login of the variable REDIS_URL where that names the same
 * server and database.
 *
 * @throws UsageError for anything else, and for a password in the option, which it does not repeat
 */
export function queueAddress(option: string, env: Readonly<Record<string, string | undefined>>): QueueAddress {
  const given = parsed(option);
  if (given === undefined) throw new UsageError('Cannot use --queue: the address is not valid', { hint: expected });
  if (given.password !== '' || given.search !== '') {
    throw new UsageError('Cannot use a password in --queue: everybody on this machine can see it there', {
      hint: 'Write --queue redis://host:port/number, and set REDIS_URL to the same address with the password',
    });
  }
  const inVariable = parsed(env['REDIS_URL'] ?? '');
  const url = inVariable !== undefined && placeOf(inVariable) === placeOf(given) ? inVariable : given;
  const { username, password } = url;
  const secrets = [
    password,
    percentDecoded(password),
    ...(password === '' ? [] : [username, percentDecoded(username)]),
  ];
  return { url: url.href, shown: placeOf(url), secrets: secrets.filter((secret) => secret !== '') };
}

function parsed(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRedis = url?.protocol === 'redis:' || url?.protocol === 'rediss:';
  return isRedis && url.hostname !== '' && /^(\/\d{0,4})?$/.test(url.pathname) && url.hash === '' ? url : undefined;
}

/** `redis://queue.example.com:6379/0` */
function placeOf({ protocol, hostname, port, pathname }: URL): string {
  return `${protocol}//${hostname}:${port === '' ? '6379' : port}/${pathname.slice(1) || '0'}`;
}
