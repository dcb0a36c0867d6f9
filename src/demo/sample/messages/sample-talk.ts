import { dayMs, minuteMs } from '../../../model/time/durations.ts';
import type { Conversation, SpokenLine } from '../conversations.ts';
import { mdReferences } from './md-references.ts';
import { iso, touch } from './message-draft.ts';
import type { MessageDraft } from './message-draft.ts';
import type { MessageAuthor } from '../../workspace/message-document.ts';
import { deployBot, people, rocketCat } from '../people.ts';
import type { Prng } from '../prng.ts';
import { roomPlans } from '../sample-plan.ts';
import type { SampleRoom } from '../sample-plan.ts';

const hourMs = 60 * minuteMs;

/** Lets the conversations take place: spread over the room's time, on working days between 8 and 18 o'clock UTC. */
export function holdConversations(
  plan: SampleRoom,
  conversations: readonly Conversation[],
  prng: Prng,
): MessageDraft[] {
  const fromMs = Date.parse(plan.from);
  const stepMs = Math.floor((Date.parse(plan.to) + dayMs - fromMs) / Math.max(1, conversations.length));
  let lastMs = fromMs + 9 * hourMs;
  return conversations.flatMap((conversation, at) => {
    const wantedMs = fromMs + at * stepMs + prng.integer(0, Math.floor(stepMs / 2));
    const startMs = Math.max(workingTime(wantedMs, prng), lastMs + prng.integer(1, 20) * minuteMs);
    const drafts = speak(plan, conversation, startMs, prng);
    lastMs = Date.parse(drafts.at(-1)?.ts ?? iso(startMs));
    return drafts;
  });
}

function workingTime(wantedMs: number, prng: Prng): number {
  const midnightMs = Math.floor(wantedMs / dayMs) * dayMs;
  const weekday = new Date(midnightMs).getUTCDay();
  const weekendMs = weekday === 0 ? dayMs : weekday === 6 ? 2 * dayMs : 0;
  return midnightMs + weekendMs + prng.integer(8 * hourMs, 17 * hourMs + 45 * minuteMs);
}

function speak(plan: SampleRoom, { thread, lines }: Conversation, startMs: number, prng: Prng): MessageDraft[] {
  let atMs = startMs;
  const drafts = lines.map((line, at) => {
    if (at > 0)
      atMs += thread ? prng.integer(1, 30) * minuteMs + prng.integer(0, 59_999) : prng.integer(4_000, 190_000);
    return draftLine(plan, line, atMs, prng);
  });
  const [parent, ...replies] = drafts;
  if (thread && parent) openThread(parent, replies, prng);
  return drafts;
}

function draftLine(plan: SampleRoom, { username, text, md }: SpokenLine, atMs: number, prng: Prng): MessageDraft {
  const { mentions, channels, urls } = mdReferences(md);
  return {
    _id: prng.id(),
    rid: plan.id,
    msg: text,
    ts: iso(atMs),
    u: authorOf(username),
    _updatedAt: iso(atMs + prng.integer(12, 190)),
    urls: urls.map((url) => describeUrl(url, prng)),
    mentions,
    channels: channels.flatMap((name) => {
      const room = roomPlans.find((other) => other.name === name);
      return room ? [{ _id: room.id, name, fname: name }] : [];
    }),
    ...(md === null ? {} : { md }),
    ...(username === deployBot.username
      ? { bot: { i: 'js.SDK' }, alias: 'Release pipeline', avatar: '', groupable: false }
      : {}),
  };
}

function authorOf(username: string): MessageAuthor {
  const author = [...people, deployBot, rocketCat].find((one) => one.username === username);
  if (!author) throw new Error(`Nobody in the sample workspace is called "${username}"`);
  return author;
}

/** Source of the fields: apps/meteor/app/threads/server/functions.ts (reply, follow) */
function openThread(parent: MessageDraft, replies: readonly MessageDraft[], prng: Prng): void {
  const last = replies.at(-1);
  if (!last) return;
  parent['tcount'] = replies.length;
  parent['tlm'] = last.ts;
  parent['replies'] = [...new Set([parent, ...replies].map(({ u }) => u._id))];
  touch(parent, Date.parse(last.ts) + 30);
  for (const reply of replies) {
    reply['tmid'] = parent._id;
    if (prng.chance(0.15)) reply['tshow'] = true;
  }
}

function describeUrl(url: string, prng: Prng): Readonly<Record<string, unknown>> {
  if (prng.chance(0.4)) return { url, meta: {} };
  const { host, hostname, pathname, protocol, hash, search } = new URL(url);
  return {
    url,
    meta: {
      pageTitle: `${hostname.split('.')[0] ?? ''} · ${pathname.split('/').at(-1) ?? ''}`,
      ogDescription: 'Internal page, "sign in" to read',
    },
    headers: { contentType: 'text/html; charset=utf-8', contentLength: String(prng.integer(900, 90_000)) },
    parsedUrl: { host, hash, pathname, protocol, port: null, query: search.slice(1), search, hostname },
  };
}
