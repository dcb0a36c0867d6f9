import { conversationLines } from './data/conversation-lines.ts';
import { plainMd } from './plain-md.ts';

export const topics = [
  'ops',
  'releases',
  'support',
  'design',
  'lunch',
  'hiring',
  'lantern',
  'postmortem',
  'general',
  'direct',
  'oddities',
] as const;

export type Topic = (typeof topics)[number];

export interface SpokenLine {
  readonly username: string;
  readonly text: string;
  /** What the server's message parser makes of the text; null: it refuses (as it does an empty one). */
  readonly md: unknown;
}

export interface Conversation {
  readonly topic: Topic;
  /** The first line opens a thread, the others are replies in it. */
  readonly thread: boolean;
  readonly lines: readonly SpokenLine[];
}

/** One line of data: topic, 1 for a thread, then username, text and, unless it is `plainMd`, the tree of each line. */
export type ConversationRecord = readonly [
  topic: Topic,
  thread: 0 | 1,
  lines: readonly (readonly [username: string, text: string, md?: unknown])[],
];

/** What people in the sample workspace say, in order. Parsed anew each time: it is asked for once per process. */
export function readConversations(): readonly Conversation[] {
  return conversationLines
    .trim()
    .split('\n')
    .map((line): Conversation => {
      // The data is a constant of this package and a test compares it with its source.
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
      const [topic, thread, lines] = JSON.parse(line) as ConversationRecord;
      return {
        topic,
        thread: thread === 1,
        lines: lines.map(([username, text, md = plainMd(text)]) => ({ username, text, md })),
      };
    });
}
