import { describe, expect, it } from '@jest/globals';
import type { LeftOutReason } from '../../../src/archive/state/left-out.ts';
import { emptyState, type State } from '../../../src/archive/state/state.ts';
import { RoomError, StoppedError } from '../../../src/errors.ts';
import type { ExtractEntry } from '../../../src/job/job.ts';
import type { Room } from '../../../src/model/room.ts';
import { scopeNotes } from '../../../src/plan/rooms/scope-notes.ts';
import { seenRooms } from '../../../src/plan/rooms/seen-rooms.ts';
import { listState, stateWith } from '../../support/plans/sample-state.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';

const ops = sampleRoom();
const general = sampleRoom({ id: 'c1', name: 'general', type: 'channel' });
const random = sampleRoom({ id: 'c2', name: 'random', type: 'channel' });

interface Workspace {
  readonly joined?: readonly Room[];
  readonly channels?: readonly Room[] | Error;
  readonly count?: number | Error;
  readonly discussions?: Readonly<Record<string, readonly Room[] | Error>>;
  /** Rooms in no list. */
  readonly rooms?: Readonly<Record<string, Room | Error>>;
}

/** What is seen, and which lists were asked for. */
async function seen(
  entries: readonly ExtractEntry[],
  { joined = [ops, general], channels = [], count = 0, discussions = {}, rooms = {} }: Workspace = {},
  state: Pick<State, 'lists' | 'leftOut' | 'run'> = emptyState,
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
    room: (id: string) => answer<Room | undefined>(`room ${id}`, rooms[id]),
  };
  return { ...(await seenRooms(chat, entries, state)), asked };
}

const readable: readonly ExtractEntry[] = [{ rooms: ['*'], scope: 'readable' }];

describe('the rooms that there are to read from', () => {
  it('are those that the login has joined; public channels beside them are counted', async () => {
    expect(await seen([{ rooms: ['*'] }], { count: 5 })).toEqual({
      ...{ rooms: [ops, general], channelsLeftOut: 4, unreadable: null, lookedUp: [], refused: [] },
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
      ...{ channelsLeftOut: 0, refused: [] },
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

  describe('in no list, but started by messages of the archive or read by earlier runs', () => {
    const left = (reason: LeftOutReason, roomType = 'discussion') => ({ roomName: 'talk', roomType, reason });
    const unlisted = (id: string) => sampleRoom({ id, name: id, parentId: 'old' });

    it('are looked up one by one: who is refused is said, and what fails is no proof of it', async () => {
      const state = stateWith({
        lists: {
          read: listState({ roomId: 'read', unjoined: true }),
          gone: listState({ roomId: 'gone', unjoined: true, gone: true }),
          joined: listState({ roomId: 'joined' }),
        },
        leftOut: {
          ...{ here: left('not-joined'), no: left('not-joined'), other: left('no-entry', 'private') },
          ...{ listed: left('not-joined'), fails: left('not-joined'), gone: left('gone', 'private') },
        },
      });
      const found = await seen(
        readable,
        {
          joined: [sampleRoom({ id: 'listed' })],
          rooms: {
            ...{ here: unlisted('here'), other: unlisted('other'), read: unlisted('read') },
            ...{ no: new RoomError('not-allowed', 'No'), fails: new RoomError('failing', 'It fails') },
          },
        },
        state,
      );
      expect(found.asked.filter((one) => one.startsWith('room '))).toEqual(
        ['fails', 'here', 'no', 'other', 'read'].map((id) => `room ${id}`),
      );
      expect(found.rooms.flatMap(({ id, unjoined }) => (unjoined === true ? [id] : []))).toEqual([
        ...['here', 'other', 'read'],
      ]);
      expect(found).toMatchObject({ unreadable: ['no'], refused: ['Room "talk" could not be looked up: It fails'] });
    });

    it('are tried 50 a run, those first that no run has tried, and others in turn', async () => {
      const leftOut = Object.fromEntries([
        ...Array.from({ length: 45 }, (_, at) => [`new${at}`, left('not-joined')] as const),
        ...['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'].map((id) => [id, left('refused')] as const),
      ]);
      const again = async (run: number): Promise<readonly string[]> => {
        const { asked } = await seen(readable, { joined: [] }, { ...emptyState, run, leftOut });
        expect(asked.filter((one) => one.startsWith('room new'))).toHaveLength(45);
        return asked.filter((one) => one.startsWith('room r')).map((one) => one.slice(5));
      };
      expect(await again(7)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
      expect(await again(8)).toEqual(['r2', 'r3', 'r4', 'r5', 'r6']);
    });

    it('are not looked up for a job that reads what is joined', async () => {
      const leftOut = { x: left('not-joined') };
      expect((await seen([{ rooms: ['*'] }], {}, { ...emptyState, leftOut })).asked).toEqual(['rooms', 'count']);
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
      '2 public channels were left out, which this login has not joined: "scope: readable" reads such channels, too, and discussions of rooms that it can read.',
      'No.',
    ]);
    expect(scopeNotes({ channelsLeftOut: 1, refused: [] })[0]).toMatch(/^1 public channel was left out/);
  });

  it('is nothing where there are none, or nobody asked', () => {
    expect(scopeNotes({ channelsLeftOut: 0, refused: [] })).toEqual([]);
    expect(scopeNotes({ channelsLeftOut: null, refused: [] })).toEqual([]);
  });
});
