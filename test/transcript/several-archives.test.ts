import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../src/model/column.ts';
import type { Shard } from '../../src/model/run/shard.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeTranscript } from '../../src/transcript/write-transcript.ts';
import { publishFixture, type FixtureRun } from '../support/archives/revised-archive.ts';
import { sampleRun } from '../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { messageFixture } from '../support/transcripts/message-fixture.ts';

const { server } = sampleRun(1).contents;

function shardRun(
  day: number,
  shard: Shard | undefined,
  rows: { readonly first?: readonly Row[]; readonly revising?: readonly Row[] },
  url = server.url,
): FixtureRun {
  return {
    tables: { messages: rows },
    says: {
      finishedAt: `2026-03-0${day}T00:00:00.000Z`,
      server: { ...server, url },
      ...(shard && { request: { host: null, user: null, roles: null, extract: [], tables: [], shard } }),
    },
  };
}

/** An id that is the name of its folder, too. */
const idOf = (room: string): string => `${room}RoomRoomRoomRoom`;
const message = (id: string, room: string, more: Row = {}): Row =>
  messageFixture(id, {
    room_id: idOf(room),
    room_name: room,
    room_title: room,
    text: `text of ${id}`,
    msg: `text of ${id}`,
    ...more,
  });
const [zero, one]: readonly Shard[] = [
  { index: 0, count: 3 },
  { index: 1, count: 3 },
];
const shardZero = [
  shardRun(1, zero, { first: [message('a1', 'ops'), message('a2', 'ops'), message('both', 'talk')] }),
  shardRun(4, zero, { revising: [message('a2', 'ops', { op: 'delete', run: 2 })] }),
];
const shardOne = [
  shardRun(2, one, { first: [message('b1', 'dev')] }),
  shardRun(3, one, {
    first: [message('both', 'talk', { run: 2, msg: 'edited', text: 'edited', edited_at: new Date('2026-03-02') })],
  }),
];

function inShards(
  shards: readonly (readonly FixtureRun[])[],
  work: (archives: readonly string[], output: string) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const archives = shards.map((_, at) => join(folder, `shard-${at}`));
    for (const [at, archive] of archives.entries()) {
      await nodeDisk.makeFolder(archive);
      await publishFixture(nodeDisk, archive, shards[at] ?? []);
    }
    await work(archives, join(folder, 'pages'));
  });
}

const pageText = async (...path: readonly string[]): Promise<string> =>
  (await readFile(join(...path), 'utf8')).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('a transcript of several shards', () => {
  it('has the rooms of all, each message with a number that it has in every transcript of shards', () =>
    inShards([shardZero, shardOne], async (archives, output) => {
      const notes: string[] = [];
      const written = await writeTranscript(archives, output, { onNote: (note) => notes.push(note) });
      expect(written).toMatchObject({ rooms: 3, messages: 4 });
      expect(notes).toEqual([expect.stringContaining('shard 2 is missing')]);
      const cover = await pageText(output, 'START-HERE.html');
      expect(cover).toContain('4 messages');
      expect(cover).toContain('shard 2 is missing');
      expect(cover).toMatch(/RC-00000001 to RC-0000000\d in the whole workspace/);
      expect(cover).toMatch(/Newest manifest \(run 2 of shard 0 of 3\) [0-9a-f]{64}/);
      expect(cover).toMatch(/Newest manifest \(run 2 of shard 1 of 3\) [0-9a-f]{64}/);
      expect(await pageText(output, `${idOf('ops')}/2026-03.html`)).toMatch(
        /RC-00000001 .*RC-00000004 .*Run 2 of shard 0 of 3 found it gone/,
      );
      expect(await pageText(output, `${idOf('dev')}/2026-03.html`)).toContain('RC-00000002');
      // Whatever is named with it, and in which order.
      const turned = `${output}-turned`;
      await writeTranscript([...archives].reverse(), turned);
      for (const file of [
        'START-HERE.html',
        `${idOf('ops')}/2026-03.html`,
        `${idOf('talk')}/2026-03.html`,
        'search/index.js',
      ]) {
        expect(await readFile(join(turned, file), 'utf8')).toBe(await readFile(join(output, file), 'utf8'));
      }
    }));

  it('shows what two of them have as the run that was finished last has it', () =>
    inShards([shardZero, shardOne], async (archives, output) => {
      await writeTranscript(archives, output);
      const page = await pageText(output, `${idOf('talk')}/2026-03.html`);
      expect(page).toMatch(
        /RC-00000007 .*: 2 versions .*read by run 1 of shard 0 of 3 .*read by run 2 of shard 1 of 3/,
      );
      expect(await readFile(join(output, 'search/texts-0-0.js'), 'utf8')).toMatch(/"edited","text of both"/);
    }));

  it('is selected from by rooms and users of any of them', () =>
    inShards([shardZero, shardOne], async (archives, output) => {
      expect(await writeTranscript(archives, output, { rooms: ['dev'] })).toMatchObject({ rooms: 1, messages: 1 });
      await expect(writeTranscript(archives, `${output}-2`, { rooms: ['none'] })).rejects.toThrow(
        'Cannot find the room',
      );
    }));

  it('is refused of archives that are no shards of one split', async () => {
    const split = shardRun(1, { index: 1, count: 2 }, { first: [message('c', 'c')] });
    const whole = shardRun(1, undefined, { first: [message('d', 'd')] });
    const again = shardRun(5, zero, { first: [message('e', 'e')] });
    const other = shardRun(5, one, { first: [message('f', 'f')] }, 'https://other.example');
    for (const [runs, expected] of [
      [[split], 'expected different shards of one split'],
      [[whole], '"(all rooms)'.replace('"', '')],
      [[again], 'expected different shards of one split'],
      [[other], 'expected one workspace'],
    ] as const) {
      await inShards([shardZero, runs], async (archives, output) => {
        await expect(writeTranscript(archives, output)).rejects.toThrow(expected);
      });
    }
  });

  it('has a file for each room and day of each, too', () =>
    inShards([shardZero, shardOne], async (archives, output) => {
      expect(await writeTranscript(archives, output, { format: 'eml' })).toMatchObject({ rooms: 3, messages: 4 });
    }));
});
