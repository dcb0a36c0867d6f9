import type { MessageDocument } from '../../../../src/demo/workspace/message-document.ts';
import { loginUser, people } from '../../../../src/demo/sample/people.ts';
import type { Prng } from '../../../../src/demo/sample/prng.ts';
import { storeMessage, type StoredMessage } from '../../../../src/demo/workspace/stored-message.ts';
import type { WorkspaceRoom } from '../../../../src/demo/workspace/workspace-room.ts';
import { isoTime, visible, type LifeWorld } from '../life-world.ts';

/** Something that happens in the workspace. Where there is nobody or nothing for it to happen to, it does not. */
export type Act = (world: LifeWorld, prng: Prng) => void;

const mention = { _id: loginUser._id, username: loginUser.username, name: loginUser.name };
const otherMention = { _id: people[2]?._id, username: people[2]?.username };
const attachment = { title: 'plan.pdf', title_link: '/file-upload/plan/plan.pdf', type: 'file' };
const linked = [
  {
    type: 'PARAGRAPH',
    value: [
      {
        type: 'LINK',
        value: {
          src: { type: 'PLAIN_TEXT', value: 'https://example.org' },
          label: [{ type: 'PLAIN_TEXT', value: 'here' }],
        },
      },
    ],
  },
];

/** What messages carry now and then: each is a row of another table. */
export function decorations(prng: Prng): Partial<MessageDocument> {
  return {
    ...(prng.chance(0.25) && { mentions: prng.chance(0.5) ? [mention] : [otherMention, mention] }),
    ...(prng.chance(0.15) && { reactions: { ':wave:': { usernames: [prng.pick(people).username] } } }),
    ...(prng.chance(0.15) && { attachments: [attachment] }),
    ...(prng.chance(0.15) && { md: linked }),
    ...(prng.chance(0.05) && { t: 'uj' }),
  };
}

/** Most of the time one of those in which people talk: the others are silent for weeks, and change all the same. */
function someRoom({ rooms }: LifeWorld, prng: Prng): WorkspaceRoom | undefined {
  const open = rooms.filter(({ archived }) => !archived);
  const loud = open.filter(isLoud);
  const among = prng.chance(0.95) && loud.length > 0 ? loud : open;
  return among.length === 0 ? undefined : prng.pick(among);
}

function loudRoom({ rooms }: LifeWorld, prng: Prng): WorkspaceRoom | undefined {
  const loud = rooms.filter((room) => !room.archived && isLoud(room));
  return loud.length === 0 ? undefined : prng.pick(loud);
}

function isLoud({ id }: WorkspaceRoom): boolean {
  return Number(id.slice(-2)) % 3 !== 0;
}

/** A message that people see, old or new alike, but the newest a little more often: that is what people edit. */
function onMessage(act: (world: LifeWorld, room: WorkspaceRoom, message: StoredMessage, prng: Prng) => void): Act {
  return (world, prng) => {
    const room = someRoom(world, prng);
    const messages = room === undefined ? [] : visible(room);
    const message = prng.chance(0.3) ? messages.at(-1) : messages[prng.integer(0, messages.length - 1)];
    if (room !== undefined && message !== undefined) act(world, room, message, prng);
  };
}

const changed = (fields: (document: MessageDocument, prng: Prng) => Readonly<Record<string, unknown>>): Act =>
  onMessage((world, room, message, prng) => world.change(room, message, prng, fields(message.document(), prng)));

/** With Message_KeepHistory the version before stays, hidden, under an id of its own. */
const edit: Act = onMessage((world, room, message, prng) => {
  const document = message.document();
  const editedAt = isoTime(world.stampMs(prng));
  if (world.settings.keepHistory) {
    room.insert(
      storeMessage({ ...document, _id: world.newId('h'), _hidden: true, parent: message.id, _updatedAt: editedAt }),
    );
  }
  const editedBy = { _id: loginUser._id, username: loginUser.username };
  const fields = { msg: `${String(document['msg'])}!`, editedAt, editedBy, _updatedAt: editedAt };
  world.change(room, message, prng, { ...fields, ...(prng.chance(0.3) && { mentions: [mention] }) });
});

export const messageActs = {
  post: (world, prng) => {
    const room = loudRoom(world, prng);
    if (room === undefined) return;
    for (let left = prng.chance(0.05) ? prng.integer(50, 230) : prng.integer(1, 4); left > 0; left -= 1) {
      if (prng.chance(0.9)) world.trueMs += prng.integer(1, 3_000);
      world.post(room, prng, decorations(prng));
    }
  },
  burst: (world, prng) => {
    const room = loudRoom(world, prng);
    const ts = isoTime(world.stampMs(prng));
    if (room !== undefined)
      for (let left = 4; left > 0; left -= 1) world.post(room, prng, { ...decorations(prng), ts });
  },
  reply: onMessage((world, room, parent, prng) => {
    const reply = world.post(room, prng, { tmid: parent.id });
    const tcount = Number(parent.document()['tcount'] ?? 0) + 1;
    world.change(room, parent, prng, { tcount, tlm: isoTime(reply.tsMs) });
  }),
  edit,
  react: changed((_, prng) => {
    const usernames = people.slice(0, prng.integer(1, 3)).map(({ username }) => username);
    return { reactions: { [prng.pick([':wave:', ':tada:'])]: { usernames } } };
  }),
  unreact: changed(() => ({ reactions: {} })),
  unmention: changed(({ msg }) => ({ mentions: [], msg: `${String(msg)} (nobody)` })),
  detach: changed(() => ({ attachments: [] })),
  unlink: changed(() => ({ md: [] })),
  pin: changed(({ pinned }) => ({ pinned: pinned !== true })),
  remove: onMessage((world, room, message, prng) => world.remove(room, message, prng)),
  /** Deleted, and its place kept (Message_ShowDeletedStatus). */
  erase: changed(() => ({ t: 'rm', msg: '', md: undefined, mentions: [], attachments: [], reactions: {}, urls: [] })),
  prune: (world, prng) => {
    const room = someRoom(world, prng);
    if (room === undefined) return;
    const atMs = world.stampMs(prng);
    for (const { id } of room.messages.slice(0, prng.integer(1, 12))) room.remove(id, atMs);
    world.shows(room);
  },
  /** One update of many documents: all of them carry its time. */
  bulk: (world, prng) => {
    const _updatedAt = isoTime(world.stampMs(prng));
    const renamed = `name-${prng.integer(1, 999)}`;
    for (const room of world.rooms) {
      for (const message of visible(room)) {
        const document = message.document();
        if (document.u._id !== people[3]?._id) continue;
        world.change(room, message, prng, { u: { ...document.u, username: renamed }, _updatedAt });
      }
    }
  },
} as const satisfies Readonly<Record<string, Act>>;
