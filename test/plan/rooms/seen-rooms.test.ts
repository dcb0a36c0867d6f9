import { describe, expect, it } from '@jest/globals';
import { RoomError, StoppedError } from '../../../src/errors.ts';
import type { ExtractEntry } from '../../../src/job/job.ts';
import type { Room } from '../../../src/model/room.ts';
import { scopeNotes } from '../../../src/plan/rooms/scope-notes.ts';
import { seenRooms } from '../../../src/plan/rooms/seen-rooms.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';

const ops = sampleRoom();
const general = sampleRoom({ id: 'c1', name: 'general', type: 'channel' });
const random = sampleRoom({ id: 'c2', name: 'random', type: 'channel' });

interface Workspace {
  readonly joined?: readonly Room[];
  readonly channels?: readonly Room[] | Error;
  readonly count?: number | Error;
  readonly discussions?: Readonly<Record<string, readonly Room[] | Error>>;
}

/** What is seen, and which lists were asked for. */
async function seen(
  entries: readonly ExtractEntry[],
  { joined = [ops, general], channels = [], count = 0, discussions = {} }: Workspace = {},
) {
  const asked: string[] = [];
  const answer = <T>(name: string, value: T | Error): Promise<T> => {
    asked.push(name);
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  };
  const chat = {
    rooms: () => answer('rooms', joined),
    channels: () => answer('channels', channels),
    countChannels: () => answer('count', count),
    discussions: (id: string) => answer(`discussions ${id}`, discussions[id] ?? []),
  };
  return { ...(await seenRooms(chat, entries)), asked };
}

const readable: readonly ExtractEntry[] = [{ rooms: ['*'], scope: 'readable' }];

describe('the rooms that there are to read from', () => {
  it('are those that the login has joined; public channels beside them are counted', async () => {
    expect(await seen([{ rooms: ['*'] }], { count: 5 })).toEqual({
      ...{ rooms: [ops, general], channelsLeftOut: 4, refused: [] },
      asked: ['rooms', 'count'],
    });
    expect((await seen([{ rooms: ['*'] }], { count: 0 })).channelsLeftOut).toBe(0);
  });

  it.each<readonly [string, ExtractEntry]>([
    ['names its rooms one by one', { rooms: ['ops', 'general'] }],
    ['reads no channels', { endpoint: 'groups.messages', rooms: ['*'] }],
    ['reads mentions', { endpoint: 'chat.getMentionedMessages', rooms: ['*'] }],
  ])('are not counted where the job %s', async (_, entry) =>
    expect(await seen([entry])).toMatchObject({ channelsLeftOut: null, asked: ['rooms'] }),
  );

  it.each(['gen*', 'gen?ral', '[g]eneral', '!ops'])('are counted for an entry such as %s', async (pattern) =>
    expect((await seen([{ rooms: [pattern] }])).asked).toEqual(['rooms', 'count']),
  );

  it('are, where a job wants what is readable, also channels and discussions, in order of their names', async () => {
    const talk = sampleRoom({ id: 'x1', name: 'a talk', parentId: 'r1' });
    const found = await seen(readable, { channels: [random, general], discussions: { r1: [talk], c2: [talk] } });
    expect(found).toMatchObject({
      ...{ channelsLeftOut: null, refused: [] },
      rooms: [{ ...talk, unjoined: true }, general, ops, { ...random, unjoined: true }],
    });
    expect(found.asked).toEqual(['rooms', 'channels', 'discussions r1', 'discussions c1', 'discussions c2']);
  });

  it('are sorted by id where names are the same', async () => {
    const twins = ['z', 'b', 'k'].map((id) => sampleRoom({ id }));
    expect((await seen(readable, { joined: twins })).rooms.map(({ id }) => id)).toEqual(['b', 'k', 'z']);
  });

  it('have no discussions where there can be none to read', async () => {
    const joined = [
      sampleRoom({ id: 'archived', archived: true }),
      sampleRoom({ id: 'discussion', parentId: 'r1' }),
      sampleRoom({ id: 'banned', withheld: 'banned' }),
      sampleRoom({ id: 'livechat', type: 'livechat' }),
      sampleRoom({ id: 'direct', type: 'direct' }),
    ];
    expect((await seen(readable, { joined })).asked).toEqual(['rooms', 'channels', 'discussions direct']);
  });

  it('may lack those of a list that the server refuses, which is said', async () => {
    const no = new RoomError('not-allowed', 'Not allowed');
    expect(await seen([{ rooms: ['*'] }], { count: no })).toMatchObject({
      ...{ rooms: [ops, general], channelsLeftOut: null },
      refused: ['Public channels could not be counted (not-allowed): Not allowed'],
    });
    const failing = new StoppedError('Too many failures');
    expect(await seen(readable, { channels: failing, discussions: { r1: no } })).toMatchObject({
      rooms: [general, ops],
      refused: [
        'Public channels could not be listed: Too many failures',
        'Discussions of room "ops" could not be listed (not-allowed): Not allowed',
      ],
    });
  });

  it('are none where something else goes wrong', async () => {
    await expect(seen(readable, { channels: new Error('a bug') })).rejects.toThrow('a bug');
    await expect(seen([{ rooms: ['*'] }], { count: new Error('a bug') })).rejects.toThrow('a bug');
  });
});

describe('what is said of rooms that the login has not joined', () => {
  it('is how many public channels were left out, and what was refused', () => {
    expect(scopeNotes({ channelsLeftOut: 2, refused: ['No.'] })).toEqual([
      '2 public channels were left out, which this login has not joined: "scope: readable" reads such, and discussions of rooms that it can read.',
      'No.',
    ]);
    expect(scopeNotes({ channelsLeftOut: 1, refused: [] })[0]).toMatch(/^1 public channel was left out/);
  });

  it('is nothing where there are none, or nobody asked', () => {
    expect(scopeNotes({ channelsLeftOut: 0, refused: [] })).toEqual([]);
    expect(scopeNotes({ channelsLeftOut: null, refused: [] })).toEqual([]);
  });
});
