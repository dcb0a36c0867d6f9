import { counted } from '../../../model/text/counted.ts';
import { isMentionsEndpoint } from '../../../endpoints/mentions-endpoint.ts';

/** Of a list, or of the changes of a room, in a manifest. */
interface ReadPart {
  readonly endpoint: string;
  readonly exported: number;
}

/** What a run brought. */
interface RunCounts {
  readonly messages: number;
  /** Messages of the lists of those that mention the login: where the rooms are read as well, they are among `messages`, too. */
  readonly mentions: number;
  /** Of messages that earlier runs brought: new versions, deletions. */
  readonly changes: number;
}

export function runCounts({
  lists,
  changes,
}: {
  readonly lists: readonly ReadPart[];
  readonly changes: readonly ReadPart[];
}): RunCounts {
  const sum = (parts: readonly ReadPart[]): number => parts.reduce((total, { exported }) => total + exported, 0);
  const mentions = sum(lists.filter(({ endpoint }) => isMentionsEndpoint(endpoint)));
  return { messages: sum(lists) - mentions, mentions, changes: sum(changes) };
}

/**
 * `12 new messages`, `12 new messages, 2 mentions of the login and 3 changes`.
 *
 * @param isAgain whether earlier runs had the messages, and this one has read them again for what it lacked of them
 */
export function runCountsText({ messages, mentions, changes }: RunCounts, isAgain = false): string {
  const ofMentions = `${counted(mentions, messages === 0 ? 'new mention' : 'mention')} of the login`;
  const ofMessages = isAgain ? `${counted(messages, 'message')} read again` : counted(messages, 'new message');
  const parts = [
    ...(messages > 0 || mentions === 0 ? [ofMessages] : []),
    ...(mentions > 0 ? [ofMentions] : []),
    ...(changes > 0 ? [counted(changes, 'change')] : []),
  ];
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}
