import type { Column } from '../../model/column.ts';
import { columnsOf } from '../define-column.ts';
import type { FlatMessage } from '../../model/flat-message.ts';

const column = columnsOf<FlatMessage>();

/** Columns of a message that say where it stands, who sent it, and what kind of message it is. */
export const originColumns: readonly Column<FlatMessage>[] = [
  column('message_id', 'string', '_id', 'Id of the message, unique in the workspace.', (m) => m.id),
  column('room_id', 'string', 'rid', 'Id of the room it was read from.', (m) => m.roomId),
  column(
    'room_name',
    'string',
    'room list',
    'Name of the room when the run started; of a direct room, the other people.',
    (m) => m.roomName,
  ),
  column(
    'room_title',
    'string',
    'room list',
    'What clients show for the room: of a discussion, whose name is random letters, its title.',
    (m) => m.roomTitle,
  ),
  column(
    'room_type',
    'string',
    'room list',
    '`private`, `channel`, `direct`, `livechat` or `voip`.',
    (m) => m.roomType,
  ),
  column('ts', 'timestamp', 'ts', 'When it was sent; never changes.', (m) => m.ts),
  column(
    'updated_at',
    'timestamp?',
    '_updatedAt',
    'When the server last changed anything about it: an edit, a reaction, a reply in its thread.',
    (m) => m.updatedAt,
  ),
  column('user_id', 'string?', 'u._id', 'Id of the sender.', (m) => m.userId),
  column('username', 'string?', 'u.username', 'The sender as others mention them.', (m) => m.username),
  column('user_name', 'string?', 'u.name', "The sender's real name.", (m) => m.userName),
  column(
    'alias',
    'string?',
    'alias',
    "Name shown instead of the sender's, set by integrations and imports.",
    (m) => m.alias,
  ),
  column('is_bot', 'boolean', 'bot', 'Whether a bot or an integration sent it, by its own mark.', (m) => m.isBot),
  column('bot_id', 'string?', 'bot.i', 'Which one: the id of the integration or the name of the SDK.', (m) => m.botId),
  column(
    'imported',
    'boolean',
    'imported',
    'Whether it came from another system: by an importer or a bridge.',
    (m) => m.imported,
  ),
  column(
    'type',
    'string?',
    't',
    'Kind of system message (`uj`, `rm`, `e2e`…); null for an ordinary one.',
    (m) => m.type,
  ),
  column(
    'is_system',
    'boolean',
    't',
    'Whether the server wrote it itself: `type` is there and not `e2e`.',
    (m) => m.isSystem,
  ),
  column(
    'system_actor_id',
    'string?',
    'u._id, editedBy._id',
    'Id of the user who did what a system message says; of `rm`, who deleted the message.',
    (m) => m.systemActorId,
  ),
  column(
    'system_actor_username',
    'string?',
    'u.username, editedBy.username',
    'Username of the user who did it.',
    (m) => m.systemActorUsername,
  ),
  column(
    'system_target',
    'string?',
    'msg',
    'Username of the user it was done to: added, removed, muted, given a role.',
    (m) => m.systemTarget,
  ),
  column(
    'system_value',
    'string?',
    'msg, role, comment',
    'What it was set to: a name, topic, announcement, role, the room of a team, the title of a discussion.',
    (m) => m.systemValue,
  ),
];
