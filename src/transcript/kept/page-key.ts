import { sha256 } from '../../archive/hash-file.ts';
import type { PageContext } from '../message/page-context.ts';
import type { MessageGroup } from '../read/message-groups.ts';
import type { Asked } from './made-files.ts';

/** What a page of messages is made of. */
export interface PageSource {
  /** In the folder of the transcript. */
  readonly path: string;
  /** All that the page shows beside its messages: as JSON. */
  readonly facts: readonly unknown[];
  readonly groups: readonly MessageGroup[];
  readonly context: PageContext;
}

/**
 * SHA-256 of what a page is made of: facts, rows, and what the transcript knows of its messages and their threads. What else
 * it depends on shows only when it is made, see askedOf.
 */
export function pageKey(source: PageSource): string {
  const { facts, groups, context } = source;
  const parts = [JSON.stringify(facts)];
  for (const { lines, trees } of groups) for (const { line } of [...lines, ...trees]) parts.push(line);
  for (const id of ownIds(source)) parts.push(aboutMessage(id, context));
  return sha256(parts.join('\n'));
}

/**
 * Makes a page by way of a context that takes down what else it is asked.
 *
 * @param make not to ask any other context
 */
export function askedOf<Made>(
  source: PageSource,
  make: (context: PageContext) => Made,
): { readonly made: Made; readonly asked: Asked } {
  const { context } = source;
  const own = ownIds(source);
  const kinds = {
    names: new Set<string>(),
    messages: new Set<string>(),
    rooms: new Set<string>(),
    files: new Set<string>(),
  };
  const noteMessage = (id: string): void => {
    if (!own.has(id)) kinds.messages.add(id);
  };
  const made = make({
    ...context,
    numberOf: (id) => (noteMessage(id), context.numberOf(id)),
    messageLink: (id) => (noteMessage(id), context.messageLink(id)),
    threadLink: (id) => (noteMessage(id), context.threadLink(id)),
    roomLink: (id) => (kinds.rooms.add(id), context.roomLink(id)),
    nameOf: (username) => (kinds.names.add(username), context.nameOf(username)),
    fileOf: (id) => (kinds.files.add(id), context.fileOf(id)),
  });
  const asked = {
    names: [...kinds.names],
    messages: [...kinds.messages],
    rooms: [...kinds.rooms],
    files: [...kinds.files],
  };
  return { made, asked: { ...asked, answers: answersTo(asked, context) } };
}

/** SHA-256 of what a context answers today to what was asked. */
export function answersTo({ names, messages, rooms, files }: Omit<Asked, 'answers'>, context: PageContext): string {
  return sha256(
    JSON.stringify([
      names.map((name) => context.nameOf(name) ?? null),
      messages.map((id) => aboutMessage(id, context)),
      rooms.map((id) => context.roomLink(id) ?? null),
      files.map((id) => context.fileOf(id) ?? null),
    ]),
  );
}

/** Messages of the page and those that their threads began with. */
function ownIds({ groups }: PageSource): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { messageId, lines } of groups) {
    ids.add(messageId);
    for (const { threadId } of lines) if (threadId !== '') ids.add(threadId);
  }
  return ids;
}

function aboutMessage(id: string, { numberOf, messageLink, threadLink }: PageContext): string {
  return JSON.stringify([id, numberOf(id), messageLink(id) ?? null, threadLink(id) ?? null]);
}
