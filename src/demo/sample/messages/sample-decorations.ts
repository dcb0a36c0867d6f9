import { dropFields, iso, touch } from './message-draft.ts';
import type { MessageDraft } from './message-draft.ts';
import type { MessageAuthor } from '../../workspace/message-document.ts';
import { loginUser } from '../people.ts';
import type { Prng } from '../prng.ts';
import { attachFile, attachReport, quote, removeFile } from './sample-attachments.ts';
import type { SampleRoom } from '../sample-plan.ts';
import { systemMessage } from './sample-system-messages.ts';

const emojis = [
  ':+1:',
  ':tada:',
  ':eyes:',
  ':heart:',
  ':joy:',
  ':rocket:',
  ':thumbsup_tone4:',
  ':flag_pt:',
  ':partyparrot:',
  ':größe:',
  ':犬:',
];

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/**
 * What happens to messages after they were sent: reactions, edits, pins, stars, files… Returns the messages that come
 * of it: system messages and, since the workspace keeps history, hidden clones of what was edited or deleted.
 */
export function decorate(plan: SampleRoom, drafts: readonly MessageDraft[], prng: Prng): MessageDraft[] {
  const made: MessageDraft[] = [];
  for (const [at, draft] of drafts.entries()) {
    const sentMs = Date.parse(draft.ts);
    const isThread = 'tcount' in draft || 'tmid' in draft;
    if (prng.chance(plan.encrypted ?? 0) && !isThread) {
      encrypt(draft, prng);
      continue;
    }
    if (prng.chance(0.13)) react(plan, draft, sentMs, prng);
    if (prng.chance(0.05)) {
      if (prng.chance(0.25)) made.push(hiddenClone(draft, sentMs + minuteMs, prng));
      edit(draft, draft.u, sentMs + prng.integer(5, 900) * secondMs);
    }
    if (prng.chance(0.04)) attachFile(draft, prng);
    else if (prng.chance(0.012)) attachReport(draft, prng);
    else {
      const earlier = drafts[at - prng.integer(1, 4)];
      if (earlier && prng.chance(0.04)) quote(draft, earlier, prng);
    }
    if ('file' in draft && prng.chance(0.2)) removeFile(draft);
    if (prng.chance(0.025)) star(draft, plan, prng);
    if (prng.chance(0.01)) made.push(pin(plan, draft, sentMs + prng.integer(1, 600) * minuteMs, prng));
    if (prng.chance(0.01)) addUnknownFields(draft, prng);
    if (prng.chance(0.008) && !isThread) {
      made.push(hiddenClone(draft, sentMs + 2 * minuteMs, prng));
      deleteWithStatus(draft, sentMs + 2 * minuteMs);
    }
  }
  return made;
}

function react(plan: SampleRoom, draft: MessageDraft, sentMs: number, prng: Prng): void {
  const reactions: Record<string, unknown> = {};
  for (let count = prng.integer(1, 3); count > 0; count -= 1) {
    const fans = plan.members.filter(() => prng.chance(0.3));
    if (fans.length === 0) continue;
    reactions[prng.pick(emojis)] = {
      usernames: fans.map(({ username }) => username),
      // Real names are stored beside since 2021 only.
      ...(draft.ts < '2021' ? {} : { names: fans.map(({ name, username }) => name ?? username) }),
    };
  }
  if (Object.keys(reactions).length === 0) return;
  draft['reactions'] = reactions;
  touch(draft, sentMs + prng.integer(5, 7_200) * secondMs);
}

function edit(draft: MessageDraft, editor: MessageAuthor, atMs: number): void {
  draft['editedAt'] = iso(atMs);
  draft['editedBy'] = { _id: editor._id, username: editor.username };
  touch(draft, atMs + 9);
}

/** Message_KeepHistory: the version before, under an id of its own. Source: Messages.cloneAndSaveAsHistoryByRecord */
function hiddenClone(draft: MessageDraft, atMs: number, prng: Prng): MessageDraft {
  return {
    ...draft,
    _id: prng.objectId(atMs),
    _hidden: true,
    parent: draft._id,
    editedAt: iso(atMs),
    editedBy: { _id: draft.u._id, username: draft.u.username },
    _updatedAt: iso(atMs),
  };
}

/** Message_ShowDeletedStatus. Source: app/lib/server/functions/deleteMessage.ts */
function deleteWithStatus(draft: MessageDraft, atMs: number): void {
  dropFields(draft, ['md', 'blocks', 'tshow', 'file', 'files', 'pinned', 'starred']);
  Object.assign(draft, { t: 'rm', msg: '', urls: [], mentions: [], channels: [], attachments: [], reactions: {} });
  edit(draft, draft.u, atMs);
}

function star(draft: MessageDraft, plan: SampleRoom, prng: Prng): void {
  const fans = plan.members.filter(({ _id }) => (_id === loginUser._id ? prng.chance(0.5) : prng.chance(0.1)));
  // Old documents hold one object instead of a list; taking a star back leaves an empty list.
  const [only] = fans;
  draft['starred'] = draft.ts < '2019' && only ? { _id: only._id } : fans.map(({ _id }) => ({ _id }));
  touch(draft, Date.parse(draft.ts) + 40 * minuteMs);
}

/** Pins, or pins and unpins: `pinnedAt` stays. The room is told. Source: app/message-pin/server/pinMessage.ts */
function pin(plan: SampleRoom, draft: MessageDraft, atMs: number, prng: Prng): MessageDraft {
  const by = prng.pick(plan.members);
  draft['pinned'] = prng.chance(0.75);
  draft['pinnedAt'] = iso(atMs);
  draft['pinnedBy'] = { _id: by._id, username: by.username };
  touch(draft, atMs);
  return systemMessage(plan, 'message_pinned', '', by, atMs, prng, {
    attachments: [
      {
        text: draft['msg'],
        author_name: draft.u.username,
        author_icon: `/avatar/${draft.u.username}`,
        ts: draft.ts,
        attachments: [],
      },
    ],
  });
}

/** Apps, importers and old versions leave fields that no table knows. */
function addUnknownFields(draft: MessageDraft, prng: Prng): void {
  switch (prng.integer(0, 5)) {
    case 0:
      draft['customFields'] = {
        ticket: `HL-${prng.integer(1000, 9999)}`,
        priority: 'high, "urgent"',
        tags: ['a', 'b'],
      };
      return;
    case 1:
      draft['blocks'] = [
        { type: 'section', text: { type: 'mrkdwn', text: 'Approve?' }, blockId: prng.id() },
        { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Yes' }, actionId: 'yes' }] },
      ];
      delete draft['msg'];
      delete draft['md'];
      return;
    case 2:
      draft['location'] = { type: 'Point', coordinates: [-8.61, 41.15] };
      return;
    case 3:
      draft['translations'] = { de: 'übersetzt', original: String(draft['msg']) };
      draft['translationProvider'] = 'sample-translate';
      return;
    case 4:
      draft['alias'] = null;
      draft['html'] = `<p>${String(draft['msg']).slice(0, 20)}</p>`;
      return;
    default:
      draft['text'] = 'sent with a key that the server does not know';
      draft['x-trace'] = { span: prng.integer(1, 1e9), sampled: false, baggage: [] };
  }
}

/** End-to-end encrypted: the server holds ciphertext only. Source: core-typings IMessage (content, e2e, e2eMentions) */
function encrypt(draft: MessageDraft, prng: Prng): void {
  const mentioned = namesOf(draft['mentions']);
  dropFields(draft, ['md', 'mentions', 'channels', 'urls', 'bot', 'alias', 'avatar']);
  const ciphertext = Array.from({ length: 8 }, () => prng.objectId(prng.integer(0, 2 ** 31) * 1000)).join('');
  Object.assign(draft, {
    t: 'e2e',
    e2e: prng.chance(0.9) ? 'done' : 'pending',
    ...(draft.ts < '2024'
      ? { msg: ciphertext }
      : {
          msg: '',
          content: { algorithm: 'rc.v1.aes-sha2', ciphertext: Buffer.from(ciphertext, 'hex').toString('base64') },
        }),
    // For notifications the client tells the server whom the ciphertext mentions.
    ...(mentioned.length === 0 ? {} : { e2eMentions: { e2eUserMentions: mentioned, e2eChannelMentions: [] } }),
  });
}

function namesOf(mentions: unknown): readonly string[] {
  if (!Array.isArray(mentions)) return [];
  return mentions.flatMap((one: unknown) => {
    const username: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, 'username') : undefined;
    return typeof username === 'string' ? [`@${username}`] : [];
  });
}
