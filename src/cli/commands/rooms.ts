import { roomEndpoints } from '../../endpoints/endpoints.ts';
import { exitCodes } from '../../errors.ts';
import type { Room } from '../../model/room.ts';
import { count, counted } from '../../model/text/counted.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { loginVariables } from '../report/help-texts.ts';
import { textTable } from '../report/text/text-table.ts';
import { defineCommand } from '../command.ts';
import { withConnection } from '../with-connection.ts';
import { expectNoPassword } from '../arguments/expect-no-password.ts';

export const rooms = defineCommand({
  name: 'rooms',
  usage: 'rooms',
  summary: 'List the rooms this login can see, with the words a job file uses for them',
  description: `Lists every room this login can see, with two or three requests. A job file may name a room by its name, title or id as they are listed here, or by a glob over name and title.

An entry of a job reads rooms of every type but voip. With an endpoint it is restricted: ${roomEndpoints.map(({ name, roomTypes }) => `${name} reads ${roomTypes.join(' and ')}`).join(', ')}. A room that the login is only invited to, or has been banned from, is listed and cannot be read. Message counts are the server's own, and approximate.`,
  positionals: {},
  options: {
    url: { type: 'string', requiresArg: true, describe: 'Address of the workspace; default: ROCKETCHAT_URL' },
    json: { type: 'boolean', describe: 'Print a JSON array to stdout: id, name, displayName, type, archived, …' },
  },
  examples: [
    ['rooms', 'a table'],
    ['rooms --json | jq -r \'.[] | select(.type == "private") | .name\'', 'the names of the private groups'],
  ],
  notes: [loginVariables, exitCodeTable([0, 64, 69, 70, 75, 77, 130, 143])],
  run: async ({ url, json }, context) => {
    const { processContext, log } = context;
    expectNoPassword(url);
    const { serverFromEnvironment } = await import('../arguments/server-from-environment.ts');
    const server = serverFromEnvironment(url, processContext);
    const { withChat } = await import('../../rocketchat/with-chat.ts');
    const { proxyFor } = await import('../../rocketchat/http/proxy-for.ts');
    const { list, user } = await withConnection(server, context, (connection) =>
      withChat({ ...server, ...connection, proxyFor, concurrency: 4 }, async (chat) => ({
        list: await chat.rooms(),
        user: chat.user.username,
      })),
    );
    if (json === true) processContext.stdout.write(`${JSON.stringify(list.map(toJson), null, 2)}\n`);
    else processContext.stdout.write(roomTable(list, processContext.stdout.columns));
    log.info(`${counted(list.length, 'room')} of ${new URL(server.url).origin}, seen by ${user}`, {
      rooms: list.length,
      user,
    });
    return exitCodes.complete;
  },
});

function roomTable(list: readonly Room[], width: number | null): string {
  return textTable(
    [
      ...[
        { title: 'type' },
        { title: 'name' },
        { title: 'id', aside: 'labelled' as const },
        { title: 'messages', align: 'right' as const },
      ],
      ...[{ title: 'latest' }, { title: 'title', aside: 'labelled' as const }, { title: '', aside: 'plain' as const }],
    ],
    list.map(({ type, name, id, displayName, messageCount, lastMessageAtMs, archived, parentId, withheld }) => [
      ...[type, name, id, messageCount === null ? '' : count(messageCount)],
      lastMessageAtMs === null ? '' : new Date(lastMessageAtMs).toISOString().slice(0, 10),
      displayName ?? '',
      [archived ? 'archived' : '', parentId === null ? '' : 'discussion', withheld ?? '']
        .filter((word) => word !== '')
        .join(', '),
    ]),
    width,
  );
}

function toJson({ lastMessageAtMs, ...room }: Room): object {
  const { id, name, displayName, type, archived, parentId, messageCount, withheld } = room;
  return {
    id,
    name,
    displayName: displayName ?? null,
    type,
    archived,
    parentId,
    messageCount,
    withheld: withheld ?? null,
    lastMessageAt: lastMessageAtMs === null ? null : new Date(lastMessageAtMs).toISOString(),
  };
}
