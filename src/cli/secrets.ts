/** Variables that hold secrets. */
const variables = ['ROCKETCHAT_AUTH_TOKEN', 'ROCKETCHAT_PASSWORD'];

/** A shorter one would blot out ordinary words; it protects nothing anyway. */
const shortest = 4;

/** The last line of defence: whatever an unforeseen error says, no token or password is in it. */
export class Secrets {
  readonly #values = new Set<string>();

  constructor(env: Readonly<Record<string, string | undefined>>) {
    for (const name of variables) this.add(env[name] ?? '');
  }

  add(value: string): void {
    if (value.length >= shortest) this.#values.add(value);
  }

  /** `text` with every secret blotted out. */
  hide(text: string): string {
    // The longest first: one may begin with another.
    const longestFirst = [...this.#values].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text);
  }
}
