import { UsageError } from '../errors.ts';

/** Where the workspace lives. */
export interface ServerUrl {
  /** Without credentials, query or trailing slash; a path stays, for workspaces under one. */
  readonly url: string;
  /** `Basic …` when the url held credentials: they are for a proxy in front, Rocket.Chat does not read them. */
  readonly basicAuth: string | undefined;
  /** The credentials in every form that could turn up in a text. */
  readonly secrets: readonly string[];
}

/** @throws UsageError when it is not an http or https address; the value is not repeated, it may hold a password */
export function parseServerUrl(text: string): ServerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UsageError('Cannot use the url of the server: it should be like https://chat.example.org', {
      hint: 'Write it with http:// or https:// in front',
    });
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api(?:\/v1)?$/, '');
  const address = url.origin + path;
  if (url.username === '' && url.password === '') return { url: address, basicAuth: undefined, secrets: [] };
  const password = decode(url.password);
  const encoded = Buffer.from(`${decode(url.username)}:${password}`).toString('base64');
  const secrets = [encoded, password, url.password].filter((secret) => secret !== '');
  return { url: address, basicAuth: `Basic ${encoded}`, secrets };
}

/** A lone percent sign is a character of a password, not a reason to fail. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
