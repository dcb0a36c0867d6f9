import { isDeepStrictEqual } from 'node:util';
import { parse } from '@rocket.chat/message-parser';
import type { ConversationRecord, Topic } from '../../../src/demo/sample/conversations.ts';
import { deployBot, loginUser, people } from '../../../src/demo/sample/people.ts';
import type { MessageAuthor } from '../../../src/demo/workspace/message-document.ts';
import { plainMd } from '../../../src/demo/sample/plain-md.ts';
import { createPrng, type Prng } from '../../../src/demo/sample/prng.ts';
import { lineCounts, scripts } from './demo-scripts.ts';
import { fillings } from './scripts/fillings.ts';
import { longText, oddities } from './scripts/oddities.ts';
import type { Script } from './scripts/script.ts';

/** The options of the server's own call. Source: apps/meteor/server/services/messages/hooks/BeforeSaveMarkdownParser.ts */
const parserOptions = {
  colors: true,
  emoticons: true,
  katex: { dollarSyntax: true, parenthesisSyntax: true },
  customDomains: [],
};

const parsed = new Map<string, unknown>();

/**
 * As the server stores it: `undefined` does not survive JSON, and a message that the parser refuses (the empty one) has
 * no tree: null.
 */
export function parseText(text: string): unknown {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  let md: unknown = null;
  try {
    md = JSON.parse(JSON.stringify(parse(text, parserOptions)));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SyntaxError') throw error;
  }
  parsed.set(text, md);
  return md;
}

/** The text of src/demo/sample/data/conversation-lines.ts: every conversation with the syntax trees of the real parser. */
export function makeDemoData(): string {
  const prng = createPrng(20180305);
  const records: ConversationRecord[] = [];
  for (const [topic, lines] of Object.entries(lineCounts)) {
    if (!isScripted(topic)) throw new Error(`No scripts for the topic "${topic}"`);
    let made = 0;
    let deck: Script[] = [];
    while (made < lines) {
      if (deck.length === 0) deck = shuffle(scripts[topic], prng);
      const script = deck.pop();
      if (!script) throw new Error(`No scripts for the topic "${topic}"`);
      const record = perform(topic, script, prng);
      records.push(record);
      made += record[2].length;
    }
  }
  for (const text of [...oddities, longText()]) {
    records.push(['oddities', 0, [spoken(prng.pick(people).username, text)]]);
  }
  return renderModule(records);
}

function isScripted(topic: string): topic is keyof typeof scripts {
  return topic in scripts;
}

function shuffle<T>(list: readonly T[], prng: Prng): T[] {
  return list
    .map((item) => ({ item, key: prng.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function perform(topic: Topic, { thread, lines }: Script, prng: Prng): ConversationRecord {
  // A direct room has two people; everywhere else whoever is around.
  const around = shuffle(topic === 'direct' ? people.slice(0, 3).filter((_, at) => at !== 1) : people, prng);
  const cast = new Map<string, MessageAuthor>();
  for (const [at, role] of ['A', 'B', 'C', 'D'].entries()) {
    const person = around[at % around.length];
    if (person) cast.set(role, person);
  }
  const about = new Map<string, string>();
  // What a pipeline would say, a pipeline says.
  const isAnnounced = topic === 'releases' && /^A: (Cutting|Build|\*)/.test(lines[0] ?? '') && prng.chance(0.6);
  return [
    topic,
    thread ? 1 : 0,
    lines.map((line, at) => {
      const speaker = at === 0 && isAnnounced ? deployBot : cast.get(line.charAt(0));
      if (!speaker) throw new Error(`Nobody speaks the line "${line}"`);
      const text = fill(line.slice(3), cast, about, prng);
      return spoken(speaker.username, isAsked(topic, speaker, text, prng) ? `@${loginUser.username} ${text}` : text);
    }),
  ];
}

/** Whether the line is addressed to the one who logs in to the demo: people ask her a lot. */
function isAsked(topic: Topic, speaker: MessageAuthor, text: string, prng: Prng): boolean {
  const isTalk = topic !== 'direct' && speaker._id !== loginUser._id && /^\p{L}/u.test(text);
  return isTalk && prng.chance(0.045);
}

/** What a conversation is about stays the same in it: one customer, one ticket, one host. */
const subjects = new Set(['service', 'host', 'customer', 'feature', 'dish', 'place', 'day', 'env', 'v', 'ticket']);

function fill(line: string, cast: ReadonlyMap<string, MessageAuthor>, about: Map<string, string>, prng: Prng): string {
  const filled = line.replaceAll(/\{([^{}]+)\}/g, (_, hole: string) => {
    if (hole.includes('|')) return prng.pick(hole.split('|'));
    if (hole === '@') return `@${prng.chance(0.3) ? loginUser.username : prng.pick(people).username}`;
    if (hole.startsWith('@')) {
      const name = hole.slice(1);
      return `@${cast.get(name)?.username ?? name}`;
    }
    const speaker = cast.get(hole);
    if (speaker) return (speaker.name ?? speaker.username).split(' ')[0] ?? '';
    if (hole.endsWith('2')) return word(hole.slice(0, -1), prng);
    if (!subjects.has(hole)) return word(hole, prng);
    const known = about.get(hole) ?? word(hole, prng);
    about.set(hole, known);
    return known;
  });
  // A choice may hold holes itself.
  return filled === line ? line : fill(filled, cast, about, prng);
}

function word(hole: string, prng: Prng): string {
  const words = fillings[hole];
  return words ? prng.pick(words) : number(hole, prng);
}

function number(hole: string, prng: Prng): string {
  switch (hole) {
    case 'd':
      return String(prng.integer(2, 9));
    case 'n':
      return String(prng.integer(11, 59));
    case 'N':
      return String(prng.integer(120, 9800));
    case 'pct':
      return String(prng.integer(1, 98));
    case 'v':
      return `${prng.integer(1, 6)}.${prng.integer(0, 24)}.${prng.integer(0, 9)}`;
    case 'ticket':
      return `HL-${prng.integer(1000, 9999)}`;
    case 'hex':
      return prng.objectId(prng.integer(0, 2 ** 31) * 1000).slice(0, 12);
    default:
      throw new Error(`Nothing fills "{${hole}}"`);
  }
}

function spoken(username: string, text: string): ConversationRecord[2][number] {
  const md = parseText(text);
  return isDeepStrictEqual(md, plainMd(text)) ? [username, text] : [username, text, md];
}

function renderModule(records: readonly ConversationRecord[]): string {
  const lines = records.map((record) =>
    JSON.stringify(record)
      // Invisible characters would not survive every editor.
      .replaceAll(/[\u007f-\u009f\u00a0\u00ad\u200b-\u200f\u2028-\u202e\ufeff]/g, escapeCharacter)
      .replaceAll('\\', '\\\\')
      .replaceAll('`', '\\`')
      .replaceAll('${', '\\${'),
  );
  return [
    '// Made by test/support/data/make-demo-data.ts with the real @rocket.chat/message-parser; not edited by hand.',
    '// One conversation a line; see ConversationRecord in ../conversations.ts.',
    `export const conversationLines: string = \`\n${lines.join('\n')}\n\`;`,
    '',
  ].join('\n');
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
