import { RoomError } from '../errors.ts';
import { roomEndpointFor } from '../endpoints/endpoints.ts';
import { parseAnswer } from '../journal/parse-answer.ts';
import type { JsonValue } from '../model/json/json-value.ts';
import { isArray } from '../model/json/is-array.ts';
import { isRecord } from '../model/json/is-record.ts';
import { isBad, parseRow, type Message } from '../model/message.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { Room } from '../model/room.ts';
import type { SampledMessage } from './sampled-message.ts';

/** What the server has of messages of a room. */
export interface RoomReading {
  /** By id: messages of the archive, as the server has them now. */
  readonly found: ReadonlyMap<string, Message>;
  /** Ids that the server does not have any more. */
  readonly gone: ReadonlySet<string>;
  /** The newest messages of the room, newest first, whether or not the archive has them. */
  readonly newest: readonly Message[];
}

/** The default of API_Upper_Count_Limit. Source: apps/meteor/server/settings/general.ts */
const pageRows = 100;

/** `defaultFieldsToExclude`: lists leave these out, chat.getMessage does not. Source: apps/meteor/app/api/server/ApiClass.ts */
const unlistedFields: ReadonlySet<string> = new Set(['joinCode', 'members', 'importIds', 'e2e']);

/** chat.getMessage of a message that is not there says no without a word. Source: apps/meteor/app/api/server/v1/chat.ts */
const notThere = 'http-400';

/**
 * Reads the newest messages of a room and some others: page by page while that takes fewer requests than asking for each of
 * those that are left. Whether one is gone is never told by a list, which moves while it is read: it is asked for by its id.
 *
 * @param wanted newest first
 * @param rows messages of the room in the archive: how long the list is, about
 * @throws RoomError when the room cannot be read
 */
export async function readRoom(
  chat: Pick<RocketChat, 'get'>,
  room: Room,
  wanted: readonly SampledMessage[],
  rows: number,
): Promise<RoomReading> {
  const found = new Map<string, Message>();
  const left = new Map(wanted.map((message) => [message.id, message]));
  const { newest, isListed } = await readPages(chat, room, rows, left, found);
  const gone = new Set<string>();
  for (const id of left.keys()) {
    const message = await readMessage(chat, id);
    if (message === undefined || message.hidden) gone.add(id);
    else found.set(id, message);
  }
  if (!isListed && found.size === 0) {
    // The server says the same of a message that is gone and of one that the login may not read.
    throw new RoomError(
      'room-archived',
      `Cannot determine whether messages of room "${room.name}" are gone: it has no list`,
    );
  }
  return { found, gone, newest };
}

async function readPages(
  chat: Pick<RocketChat, 'get'>,
  room: Room,
  rows: number,
  left: Map<string, SampledMessage>,
  found: Map<string, Message>,
): Promise<{ readonly newest: readonly Message[]; readonly isListed: boolean }> {
  const endpoint = roomEndpointFor(room);
  if (endpoint === undefined || (room.archived && endpoint.refusesArchived)) return { newest: [], isListed: false };
  let newest: readonly Message[] = [];
  for (let offset = 0; ;) {
    const query = { roomId: room.id, count: pageRows, offset, sort: JSON.stringify({ ts: -1 }) };
    const page = messagesOf(parseAnswer((await chat.get(endpoint.name, query)).body)['messages']);
    if (offset === 0) newest = page;
    for (const message of page) {
      if (left.delete(message.id) && !message.hidden) found.set(message.id, message);
    }
    offset += page.length;
    const pagesLeft = Math.ceil((rows - offset) / Math.max(1, page.length));
    if (page.length === 0 || left.size === 0 || pagesLeft <= 0 || pagesLeft > left.size)
      return { newest, isListed: true };
  }
}

function messagesOf(rows: JsonValue | undefined): readonly Message[] {
  return (isArray(rows) ? rows : []).flatMap((raw) => {
    const row = parseRow(raw);
    return isBad(row) ? [] : [row];
  });
}

/** undefined: there is none, or it cannot be read. @throws RoomError when the server does not know the endpoint */
async function readMessage(chat: Pick<RocketChat, 'get'>, id: string): Promise<Message | undefined> {
  try {
    const { message } = parseAnswer((await chat.get('chat.getMessage', { msgId: id })).body);
    if (!isRecord(message)) return undefined;
    const listed = Object.fromEntries(Object.entries(message).filter(([field]) => !unlistedFields.has(field)));
    const row = parseRow(listed);
    return isBad(row) ? undefined : row;
  } catch (error) {
    if (error instanceof RoomError && error.reason === notThere) return undefined;
    throw error;
  }
}
