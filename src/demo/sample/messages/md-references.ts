import { people, teams } from '../people.ts';

/** What a message refers to, as the server takes it out of the text. */
interface MdReferences {
  readonly mentions: readonly Readonly<Record<string, unknown>>[];
  /** Names of rooms. */
  readonly channels: readonly string[];
  readonly urls: readonly string[];
}

/**
 * Mentions of users carry `type`, `name`; of teams `type`, `name` but no username; `@all` and `@here` neither.
 *
 * Source: app/mentions/server/Mentions.ts
 */
export function mdReferences(md: unknown): MdReferences {
  const usernames = new Set<string>();
  const channels = new Set<string>();
  const urls = new Set<string>();
  visit(md, (type, value) => {
    if (type === 'MENTION_USER') usernames.add(plainText(value));
    if (type === 'MENTION_CHANNEL') channels.add(plainText(value));
    if (type === 'LINK') {
      const source = plainText(property(value, 'src'));
      if (/^https?:/.test(source)) urls.add(source);
    }
  });
  const mentions = [...usernames].flatMap((username): Readonly<Record<string, unknown>>[] => {
    if (username === 'all' || username === 'here') return [{ _id: username, username }];
    const person = people.find((one) => one.username === username);
    if (person) return [{ ...person, type: 'user' }];
    const team = teams.find(({ name }) => name === username);
    return team ? [{ ...team, type: 'team' }] : [];
  });
  return { mentions, channels: [...channels], urls: [...urls] };
}

function visit(node: unknown, see: (type: string, value: unknown) => void): void {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, see);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const type = property(node, 'type');
  const value = property(node, 'value');
  if (typeof type === 'string') see(type, value);
  visit(value, see);
}

function property(value: unknown, name: string): unknown {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return found;
}

function plainText(node: unknown): string {
  const value = property(node, 'value');
  return typeof value === 'string' ? value : '';
}
