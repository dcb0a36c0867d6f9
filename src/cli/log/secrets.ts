import { parseServerUrl } from '../../server-url.ts';

/** A shorter one would blot out ordinary words; it protects nothing anyway. */
const shortest = 4;

/** An address as people say it. It is refused without a scheme: its host is no secret for that, and may be that of the hint's example. */
const bareHost = /^(?:[a-z\d-]{1,63}\.)+[a-z]{2,20}(?::\d{1,5})?\/?$/i;

/** What must not be printed, however it gets into a text. */
export class Secrets {
  readonly #secrets = new Set<string>();
  /** From variables and files: whatever they are for, nobody wrote them down where they could be read. */
  readonly #outside = new Set<string>();
  /** Addresses that are shown, although their host may come from a variable. */
  readonly #origins = new Set<string>();

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.add(env['ROCKETCHAT_AUTH_TOKEN'] ?? '');
    this.add(env['ROCKETCHAT_PASSWORD'] ?? '');
    for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) this.add(env[name] ?? '');
    for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY']) {
      for (const proxy of [env[name] ?? '', env[name.toLowerCase()] ?? '']) {
        if (proxy !== '') this.addAddress(proxy.includes('://') ? proxy : `http://${proxy}`);
      }
    }
    const { ROCKETCHAT_URL: url = '' } = env;
    this.addOutside(bareHost.test(url) ? `https://${url}` : url);
    for (const name of ['ROCKETCHAT_USER_ID', 'ROCKETCHAT_USER']) this.addOutside(env[name] ?? '');
  }

  /** A token or a password. */
  add(value: string): void {
    for (const form of formsOf(value)) this.#secrets.add(form);
  }

  /** A value of a variable or of a file. Of an address its origin is shown. */
  addOutside(value: string): void {
    if (!this.addAddress(value)) for (const form of formsOf(value)) this.#outside.add(form);
  }

  /** @returns false for what is no address of a server */
  addAddress(text: string): boolean {
    const address = parseServerUrl(text);
    if ('problem' in address) return false;
    this.#origins.add(address.origin);
    for (const secret of address.secrets) this.add(secret);
    return true;
  }

  /** `text` with every secret blotted out. */
  hide(text: string): string {
    const origins = [...this.#origins];
    const outside = [...this.#outside].filter((value) => !origins.some((origin) => origin.includes(value)));
    // The longest first: one may begin with another.
    const longestFirst = [...this.#secrets, ...outside].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
  }
}

/** As it is, as a quoted text holds it, and as an address does. */
function formsOf(value: string): readonly string[] {
  if (value.length < shortest) return [];
  return [value, JSON.stringify(value).slice(1, -1), ...inAddress(value)];
}

function inAddress(value: string): readonly string[] {
  try {
    return [encodeURIComponent(value)];
  } catch {
    // A lone half of a surrogate pair is in no address.
    return [];
  }
}
