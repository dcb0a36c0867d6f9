import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleLogin } from '../../build/demo/sample/sample-login.js';
import { markdownTable } from './markdown-table.js';
import { movingRoomId, serveMovingRoom } from './moving-room.js';
import { measureProgram } from './processes.js';

const seeds = [1, 2, 3];

const scenarios = [
  { name: 'nothing moves', moves: {} },
  { name: '3 posts before each request', moves: { post: 3 } },
  { name: '3 deletions before each request', moves: { remove: 3 } },
  { name: '3 posts and 3 deletions: the total stays', moves: { post: 3, remove: 3 } },
  { name: 'retention deletes the 5 oldest before each request', moves: { prune: 5 } },
  { name: '7 messages a millisecond, 20 edits before each request', tied: 7, moves: { edit: 20 } },
  { name: 'the server gives 100 rows where 500 are asked for', askFor: 500, moves: {} },
];

/** Messages that are in the room from the first request to the last, but not in the export; and rows too many. */
export async function exact() {
  const rows = [];
  for (const { name, askFor = 100, ...moving } of scenarios) {
    const scenario = { messages: 3_000, cap: 100, ...moving };
    const loop = { lost: 0, twice: 0 };
    const program = { lost: 0, twice: 0 };
    for (const seed of seeds) {
      await judge(loop, scenario, seed, (url) => offsetLoop(url, askFor));
      await judge(program, scenario, seed, exportedIds);
    }
    rows.push([name, loop.lost, loop.twice, program.lost, program.twice]);
  }
  return [
    `Messages lost and written twice, of 3,000 in the room, over ${seeds.length} seeds:`,
    '',
    markdownTable(['while it is read', 'offset loop: lost', 'twice', 'this program: lost', 'twice'], rows),
  ].join('\n');
}

async function judge(sum, scenario, seed, read) {
  const room = await serveMovingRoom(scenario, seed);
  try {
    const ids = await read(room.url);
    const distinct = new Set(ids);
    sum.lost += room.survivors().filter((id) => !distinct.has(id)).length;
    sum.twice += ids.length - distinct.size;
  } finally {
    await room.close();
  }
}

/** How exporters usually read: newest first, as the server answers by default, until a page is not full. */
async function offsetLoop(url, count) {
  const headers = { 'x-user-id': sampleLogin.userId, 'x-auth-token': sampleLogin.authToken };
  const ids = [];
  for (let offset = 0; ; offset += count) {
    const address = `${url}/api/v1/groups.messages?roomId=${movingRoomId}&count=${count}&offset=${offset}`;
    const { messages } = await (await fetch(address, { headers })).json();
    ids.push(...messages.map(({ _id }) => _id));
    if (messages.length < count) return ids;
  }
}

async function exportedIds(url) {
  const ids = [];
  await measureProgram(url, {
    room: movingRoomId,
    sinks: [{ format: 'jsonl' }],
    inspect: async (archive) => {
      for (const file of await readdir(join(archive, 'messages'))) {
        const lines = (await readFile(join(archive, 'messages', file), 'utf8')).split('\n');
        ids.push(...lines.filter((line) => line !== '').map((line) => JSON.parse(line).message_id));
      }
    },
  });
  return ids;
}
