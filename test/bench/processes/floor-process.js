// What any exporter must do, and nothing else: one request after another, parse, stringify each message, write.
import { closeSync, openSync, writeSync } from 'node:fs';
import { Agent, get } from 'node:http';

const [url, roomId, userId, authToken, path, pageSize] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const headers = { 'x-user-id': userId, 'x-auth-token': authToken };
const sort = encodeURIComponent('{"ts":1}');

function fetchPage(offset) {
  return new Promise((resolve, reject) => {
    const address = `${url}/api/v1/groups.messages?roomId=${roomId}&count=${pageSize}&offset=${offset}&sort=${sort}`;
    get(address, { agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      response.on('error', reject);
    }).on('error', reject);
  });
}

const file = openSync(path, 'w');
for (let offset = 0; ;) {
  const { messages, total } = await fetchPage(offset);
  writeSync(file, messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
  offset += messages.length;
  if (messages.length === 0 || offset >= total) break;
}
closeSync(file);
agent.destroy();
