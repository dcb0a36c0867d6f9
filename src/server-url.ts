import { percentDecoded } from './model/text/percent-decoded.ts';

/** Where a workspace lives. */
export interface ServerAddress {
  /** What requests go to: without credentials and trailing slash; a path stays, for workspaces under one. */
  readonly url: string;
  /** What may be shown: a path may be a secret, as that of a gateway which knows its users by it. */
  readonly origin: string;
  /** The value of an `authorization` header, when the url held credentials: those of a proxy in front. */
  readonly basicAuth: string | undefined;
  /** Credentials and what of the path looks like one, in every form that could turn up in a text. */
  readonly secrets: readonly string[];
}

/** A path segment that is no ordinary word: to hide one of those would blot out half of what is printed. */
const tokenLike = /^(?=.*\d).{8,}$|^.{16,}$/;

/**
 * The address of a server as people write it: http or https, perhaps with the user and password of a proxy and with a
 * path, also with the `/api/v1` that is copied along.
 *
 * @returns a problem that never quotes the address: it may hold a password
 */
export function parseServerUrl(text: string): ServerAddress | { readonly problem: string } {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) {
    return { problem: 'expected an address that begins with https:// or http://' };
  }
  if (parsed.search !== '' || parsed.hash !== '') return { problem: 'expected an address without "?" and "#"' };
  const { origin } = parsed;
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\/api(\/v1)?$/, '');
  const [user, password] = [percentDecoded(parsed.username), percentDecoded(parsed.password)];
  const isBasic = user !== '' || password !== '';
  const encoded = Buffer.from(`${user}:${password}`).toString('base64');
  const credentials = isBasic ? [encoded, user, parsed.username, password, parsed.password] : [];
  const segments = path.split('/').filter((segment) => tokenLike.test(segment));
  return {
    url: origin + path,
    origin,
    basicAuth: isBasic ? `Basic ${encoded}` : undefined,
    secrets: [...credentials, ...segments, ...segments.map(percentDecoded)].filter((secret) => secret !== ''),
  };
}
