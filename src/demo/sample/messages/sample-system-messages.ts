import { hourMs } from '../../../model/time/durations.ts';
import { iso, touch } from './message-draft.ts';
import type { MessageDraft } from './message-draft.ts';
import type { MessageAuthor } from '../../workspace/message-document.ts';
import { loginUser } from '../people.ts';
import type { Prng } from '../prng.ts';
import type { SampleRoom } from '../sample-plan.ts';

/** A message that the server itself writes; `msg` is its parameter (a name, a topic), not a sentence. */
export function systemMessage(
  plan: SampleRoom,
  type: string,
  msg: string,
  author: MessageAuthor,
  atMs: number,
  prng: Prng,
  fields: Readonly<Record<string, unknown>> = {},
): MessageDraft {
  return {
    _id: prng.objectId(atMs),
    t: type,
    rid: plan.id,
    ts: iso(atMs),
    msg,
    u: author,
    groupable: false,
    _updatedAt: iso(atMs),
    ...fields,
  };
}

/** The room fills up: people come, the topic is set, one leaves and is brought back. */
export function openingMessages(plan: SampleRoom, prng: Prng): MessageDraft[] {
  // A room where nothing is said has not even been joined by anybody: it stays empty.
  if (plan.type === 'd' || plan.topics.length === 0) return [];
  const [owner, ...others] = plan.members;
  if (!owner) return [];
  let atMs = Date.parse(plan.from) + 8 * hourMs;
  const next = (): number => (atMs += prng.integer(900, 40_000));
  const messages = others.map((person) =>
    plan.type === 'c'
      ? systemMessage(plan, 'uj', person.username, person, next(), prng)
      : systemMessage(plan, 'au', person.username, owner, next(), prng),
  );
  messages.push(systemMessage(plan, 'subscription-role-added', owner.username, owner, next(), prng, { role: 'owner' }));
  if (plan.about !== undefined) {
    messages.push(systemMessage(plan, 'room_changed_topic', plan.about, owner, next(), prng));
    messages.push(systemMessage(plan, 'r', plan.name, owner, next(), prng));
  }
  const leaver = others.at(-1);
  if (leaver && others.length > 2) {
    messages.push(systemMessage(plan, 'ul', leaver.username, leaver, next(), prng));
    messages.push(systemMessage(plan, 'au', leaver.username, owner, next(), prng));
    messages.push(systemMessage(plan, 'user-muted', leaver.username, owner, next(), prng));
    messages.push(systemMessage(plan, 'user-unmuted', leaver.username, owner, next(), prng));
  }
  if (leaver && others.length > 4 && plan.type === 'p') {
    // An invitation that is declined, and one that is taken later. Source: core-typings IMessage (ui, uir)
    messages.push(systemMessage(plan, 'ui', leaver.username, owner, next(), prng));
    messages.push(systemMessage(plan, 'uir', leaver.username, leaver, next(), prng));
  }
  return messages;
}

/** A discussion leaves a message in its parent that counts what is said in it. */
export function discussionCreated(
  discussion: SampleRoom,
  said: readonly MessageDraft[],
  parent: SampleRoom,
  prng: Prng,
): MessageDraft {
  const atMs = Date.parse(discussion.from) + 8 * hourMs - 120_000;
  const message = systemMessage(
    parent,
    'discussion-created',
    discussion.title ?? discussion.name,
    loginUser,
    atMs,
    prng,
    {
      drid: discussion.id,
      dcount: said.length,
      dlm: said.at(-1)?.ts,
    },
  );
  touch(message, Date.parse(said.at(-1)?.ts ?? iso(atMs)));
  return message;
}
