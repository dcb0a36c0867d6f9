import type { RowBatch } from '../model/row-batch.ts';
import type { MessageTableName } from '../model/table-name.ts';
import { attachmentColumns } from './attachments.ts';
import type { Column, ColumnDescription, Row } from '../model/column.ts';
import { elementsOf } from './elements.ts';
import { type ExportedFile, fileColumns } from './files.ts';
import type { FlatMessage } from '../model/flat-message.ts';
import { linkColumns } from './links.ts';
import { mentionColumns } from './mentions.ts';
import { messageColumns } from './messages/messages.ts';
import { reactionColumns, reactionElements } from './reactions.ts';
import { type ExportedMember, roomMemberColumns } from './people/room-members.ts';
import { type ExportedUser, userColumns } from './people/users.ts';
import { type ExportedRoom, roomColumns } from './rooms.ts';
import { type KindOf, ofAnyKind, rowKinds } from './rows/row-kinds.ts';
import { rowReader } from './rows/row-reader.ts';
import { SourceBatch } from './rows/source-batch.ts';
import { knownMessages } from './messages/usual-message.ts';
import { messageVersionColumns } from './messages/message-versions.ts';

/**
 * Version of the names, types and order of all columns. A change that a reader of old files would notice (a column
 * renamed, moved, retyped, removed) is a new version; one more at the end is not.
 */
export const schemaVersion = 2;

/** A table: how it is described to people, and how batches of what it is read from become its rows. */
export interface Table<Name extends string, Source> {
  readonly name: Name;
  /** What one row stands for: a sentence for `schema` and docs/tables.md. */
  readonly meaning: string;
  readonly columns: readonly ColumnDescription[];
  /** Rows of a batch in the order of the batch, their keys in column order. */
  rows(batch: readonly Source[]): readonly Row[];
  /** The same rows, not made yet. */
  batch(sources: readonly Source[]): RowBatch;
}

/** A table that is made of messages. */
export type MessageTable = Table<MessageTableName, FlatMessage>;

/**
 * The tables read from messages, by name: their columns, and how messages become rows. `mentioned_messages` has the
 * columns of `messages`, over what chat.getMentionedMessages returns.
 */
export function messageTables({ md, without = noColumns }: MessageTablesOptions): MessageTables {
  if (without.size > 0) return tablesOf({ md, without });
  const whole = wholeTables.get(md) ?? tablesOf({ md, without });
  wholeTables.set(md, whole);
  return whole;
}

/** Which columns they have. */
export interface MessageTablesOptions {
  /** Whether the message tables have the column `md`. */
  readonly md: boolean;
  /** Names of columns to leave out. */
  readonly without?: ReadonlySet<string>;
}

/** The tables, by name. */
export type MessageTables = Readonly<Record<MessageTableName, MessageTable>>;

const noColumns: ReadonlySet<string> = new Set();
/** By `md`: a run asks for them a dozen times, and to find the kinds of their rows takes a while. */
const wholeTables = new Map<boolean, MessageTables>();

function tablesOf({ md, without }: Required<MessageTablesOptions>): MessageTables {
  const message = kept(messageColumns({ md }), without);
  return {
    messages: messageTable('messages', 'One row per message of the rooms exported.', message),
    mentioned_messages: messageTable(
      'mentioned_messages',
      'One row per message that mentions the user of the login.',
      message,
    ),
    mentions: sideTable(
      'mentions',
      'One row per user, team, `@all` or `@here` mentioned.',
      kept(mentionColumns, without),
      (m) => elementsOf(m, m.mentions),
    ),
    reactions: sideTable(
      'reactions',
      'One row per emoji and reacting user.',
      kept(reactionColumns, without),
      reactionElements,
    ),
    attachments: sideTable(
      'attachments',
      'One row per attached file, card or quote.',
      kept(attachmentColumns, without),
      (m) => elementsOf(m, m.attachments),
    ),
    links: sideTable('links', 'One row per address that a text links to or shows.', kept(linkColumns, without), (m) =>
      elementsOf(m, m.links),
    ),
    message_versions: messageTable(
      'message_versions',
      'One row per earlier version of an edited or deleted message, where the server keeps them (Message_KeepHistory) and reports them (before 8.x). Of an edit after the run that read the message, the version comes when the room is read again: for jobs that make the table, at most once a `lookback`, when the list of the room is longer than is known.',
      kept(messageVersionColumns(message), without),
    ),
  };
}

/** What the rows of the tables that are not read from messages are made of. */
interface ListSources {
  readonly rooms: ExportedRoom;
  readonly users: ExportedUser;
  readonly room_members: ExportedMember;
  readonly files: ExportedFile;
}

/** The tables that are not read from messages, by name. */
export type ListTables = { readonly [Name in keyof ListSources]: Table<Name, ListSources[Name]> };

/**
 * The tables read from the server's lists of rooms, users and members: their columns, and how what a run found becomes
 * rows.
 *
 * @param without names of columns to leave out
 */
export function listTables(without: ReadonlySet<string> = new Set()): ListTables {
  return {
    rooms: table(
      'rooms',
      'One row per room, and one more whenever anything about it changes.',
      kept(roomColumns, without),
    ),
    users: table(
      'users',
      'One row per user of the workspace that the login can see, and one more whenever anything about the user changes.',
      kept(userColumns, without),
    ),
    room_members: table(
      'room_members',
      'One row per room and active member, and one more whenever the roles or names change, or the member leaves.',
      kept(roomMemberColumns, without),
    ),
    files: table(
      'files',
      'One row per file that messages show, and one more whenever its status changes. Only jobs with `attachments` make it.',
      kept(fileColumns, without),
    ),
  };
}

/** All tables, by name. */
export function allTables(options: MessageTablesOptions): MessageTables & ListTables {
  return { ...messageTables(options), ...listTables(options.without) };
}

const lists = listTables();

/** The table of the rooms that a run exported: its columns, and how rooms become rows. */
export const roomsTable = lists.rooms;

/** The same of the users of the workspace. */
export const usersTable = lists.users;

/** The same of the members of rooms. */
export const roomMembersTable = lists.room_members;

function kept<Source>(columns: readonly Column<Source>[], without: ReadonlySet<string>): readonly Column<Source>[] {
  return without.size === 0 ? columns : columns.filter(({ name }) => !without.has(name));
}

function messageTable(name: MessageTableName, meaning: string, columns: readonly Column<FlatMessage>[]): MessageTable {
  return table(name, meaning, columns, rowKinds(columns, knownMessages));
}

function table<Name extends string, Source>(
  name: Name,
  meaning: string,
  columns: readonly Column<Source>[],
  kindOf: KindOf<Source> = ofAnyKind(columns),
): Table<Name, Source> {
  return {
    name,
    meaning,
    columns,
    rows: rowReader(columns),
    batch: (sources) => new SourceBatch(sources, columns, kindOf),
  };
}

/** A table with a row for each element of a list in a message. */
function sideTable<Element>(
  name: MessageTableName,
  meaning: string,
  columns: readonly Column<Element>[],
  elements: (message: FlatMessage) => readonly Element[],
): MessageTable {
  const whole = table(name, meaning, columns);
  const elementsOfAll = (messages: readonly FlatMessage[]): readonly Element[] =>
    messages.flatMap((message) => elements(message));
  return {
    name,
    meaning,
    columns,
    rows: (messages) => whole.rows(elementsOfAll(messages)),
    batch: (messages) => whole.batch(elementsOfAll(messages)),
  };
}
