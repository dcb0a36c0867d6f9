import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { findMessages, type IndexReader } from '../../../../src/transcript/search/engine/find-messages.ts';
import type { IndexedMessage, IndexSegment } from '../../../../src/transcript/search/engine/index-shape.ts';
import { matches } from '../../../../src/transcript/search/engine/matches.ts';
import { NumbersText, readNumbers } from '../../../../src/transcript/search/engine/numbers-text.ts';
import { parseQuery } from '../../../../src/transcript/search/engine/search-query.ts';
import { SegmentWriter } from '../../../../src/transcript/search-index/segment-writer.ts';
import { TranscriptFolder } from '../../../../src/transcript/kept/transcript-folder.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../../support/quick-or-long.ts';

const word = fc.constantFrom(
  'pay',
  'payment',
  'Pay',
  'é',
  'e',
  'invoice',
  '東京',
  '京都',
  '東',
  'in:a',
  '"',
  '__proto__',
  'a b',
);
const text = fc.array(word, { maxLength: 5 }).map((words) => words.join(' '));
const message = fc.record({
  text,
  earlier: text,
  user: fc.constantFrom('', 'anna', 'Bo B'),
  room: fc.nat(1),
  gapMs: fc.nat(3),
});
const rooms = ['room one', 'b'] as const;

it.each(['in', 'fro', 'i'])(
  'a word that begins like a term of the index alone finds no text by it: %s',
  async (typed) => {
    const messages = [['m0', 'p.html', '', 1, 0, 'id-anna', 'anna', 'anna', 0, '', 'pay', ''] as const];
    const query = parseQuery(typed, {});
    expect(query).toBeDefined();
    if (query === undefined) return;
    expect(messages.filter((one) => matches(one, rooms[0], query))).toEqual([]);
    await inTemporaryFolder(async (folder) => {
      const { segments, reader } = await indexOf(folder, messages, 0);
      expect((await findMessages({ segments }, reader, query)).most).toBe(0);
    });
  },
);

it('an index finds what looking at every message finds, in the order of time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 30 }),
      fc.nat(3),
      fc.record({
        typed: fc.oneof(
          text,
          text.map((words) => `"${words}"`),
        ),
        scope: fc.record(
          {
            roomIds: fc.constantFrom([...rooms], [rooms[0]], ['room']),
            users: fc.constantFrom(['anna'], ['bo b', 'anna'], ['bo']),
            sinceMs: fc.nat(60),
            untilMs: fc.nat(60),
          },
          { requiredKeys: [] },
        ),
      }),
      async (drafts, cuts, { typed, scope }) => {
        let sentMs = 0;
        const messages = drafts.map(({ text: now, earlier, user, room, gapMs }, at): IndexedMessage => {
          sentMs += gapMs;
          return [`m${at}`, 'p.html', '', at + 1, room, user && `id-${user}`, user, user, sentMs, '', now, earlier];
        });
        const query = parseQuery(typed, scope);
        if (query === undefined) return;
        const looked = messages.filter((one) => matches(one, rooms[one[4]] ?? '', query));
        await inTemporaryFolder(async (folder) => {
          const { segments, reader } = await indexOf(folder, messages, cuts);
          const found = await findMessages({ segments }, reader, query);
          const ids: string[] = [];
          for await (const [id] of found.messages) ids.push(id);
          expect(ids).toEqual(looked.map(([id]) => id).toReversed());
          expect(found.most).toBeGreaterThanOrEqual(ids.length);
          if (found.isExact) expect(found.most).toBe(ids.length);
        });
      },
    ),
    { numRuns: quickOrLong(50, 150) },
  );
});

/** Segments of the messages, as the program writes them, and a reader of their files. */
async function indexOf(
  folder: string,
  messages: readonly IndexedMessage[],
  cuts: number,
): Promise<{ readonly segments: readonly IndexSegment[]; readonly reader: IndexReader }> {
  const size = Math.ceil(messages.length / (cuts + 1));
  const segments: IndexSegment[] = [];
  for (let from = 0; from < messages.length; from += size) {
    const writer = new SegmentWriter(new TranscriptFolder(nodeDisk, folder), segments.length);
    for (const one of messages.slice(from, from + size))
      await writer.add(JSON.stringify(one), one, rooms[one[4]] ?? '');
    segments.push(await writer.finish());
  }
  const read = async (name: string): Promise<unknown> => {
    const script = (await nodeDisk.readFile(join(folder, 'search', name)))?.toString() ?? '';
    return (JSON.parse(`[${script.slice(script.indexOf('(') + 1, -3)}]`) as unknown[])[2];
  };
  return {
    segments,
    reader: {
      words: async (segment, shard) => (await read(`words-${segment}-${shard}.js`)) as string,
      texts: async (segment, shard) => (await read(`texts-${segment}-${shard}.js`)) as IndexedMessage[],
    },
  };
}

it('numbers come back from their text', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(5_000_000)), (numbers) => {
      const text = new NumbersText();
      const ascending = numbers.toSorted((a, b) => a - b);
      for (const number of ascending) text.add(number);
      const read: number[] = [];
      readNumbers(`word ${text.text}`, 5, read);
      expect(read).toEqual(ascending);
    }),
  );
});
