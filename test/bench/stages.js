import { createBenchWorkspace } from '../../build/demo/bench/bench-workspace.js';
import { parsePage } from '../../build/extract/message-page.js';
import { pageMessages } from '../../build/journal/page-messages.js';
import { classifyResponse } from '../../build/rocketchat/http/classify-response.js';
import { jsonLines } from '../../build/sinks/jsonl/json-lines.js';
import { TextBuffer } from '../../build/sinks/text-buffer.js';
import { messageTables } from '../../build/tables/tables.js';
import { flatten } from '../../build/transforms/flatten.js';
import { markdownTable } from './markdown-table.js';

const messages = 4_000;
const pageRows = 100;
/** The first ones are for the compiler. */
const rounds = { warm: 4, counted: 12 };

const request = {
  ...{ method: 'GET', endpoint: 'groups.messages', query: {}, url: 'http://localhost', secrets: [] },
  extent: 'outline',
};
const context = { roomId: 'benchRoom00000001', roomName: 'bench', roomTitle: 'bench', roomType: 'private', run: 1 };

/** What a message costs on its way, stage by stage, in this process: CPU in microseconds, the least of some rounds. */
export function stages() {
  const pages = benchPages();
  const record = { from: 0, to: pageRows, skip: [] };
  const { columns, batch } = messageTables({ md: false }).messages;
  const lines = jsonLines(columns);
  const text = new TextBuffer(1024 * 1024);
  const least = new Map();
  const timed = (name, isCounted, work) => {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    const us = (user + system) / messages;
    if (isCounted) least.set(name, Math.min(least.get(name) ?? Infinity, us));
    return result;
  };
  for (let round = 0; round < rounds.warm + rounds.counted; round += 1) {
    const isCounted = round >= rounds.warm;
    timed('walk: a page parsed and judged as rows', isCounted, () => pages.map(walked));
    const parsed = timed('load: a page parsed again, exact numbers included', isCounted, () =>
      pages.map((body) => pageMessages(body, record)),
    );
    const flat = timed('load: flattened', isCounted, () =>
      parsed.map((page) => page.map((one) => flatten(one, context))),
    );
    timed('load: a line of JSON, as bytes', isCounted, () =>
      flat.map((page) => {
        const rows = batch(page);
        page.forEach((_, at) => lines.put(rows, at, text));
        return text.take().length;
      }),
    );
  }
  return [
    `CPU of one message in microseconds, the least of ${rounds.counted} rounds over ${messages} messages in pages of ${pageRows}:`,
    '',
    markdownTable(
      ['stage', 'us a message'],
      [...least].map(([name, us]) => [name, us.toFixed(1)]),
    ),
  ].join('\n');
}

function walked(body) {
  const { value, extent } = classifyResponse({ status: 200, headers: {}, body }, request);
  return parsePage({ value, extent, body }, 'ts', 'groups.messages', 'bench').rows.length;
}

function benchPages() {
  const texts = createBenchWorkspace(messages).rooms.flatMap((room) => room.messages.map((message) => message.bytes()));
  return Array.from({ length: messages / pageRows }, (_, at) => {
    const page = texts.slice(at * pageRows, (at + 1) * pageRows).join(',');
    return Buffer.from(`{"messages":[${page}],"count":${pageRows},"offset":0,"total":${messages},"success":true}`);
  });
}
