import { describe, expect, it } from '@jest/globals';
import { InterruptedError, RoomError, StoppedError } from '../../src/errors.ts';
import { hiddenTypesOf } from '../../src/plan/hidden-types.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';

const byTime = (hiddenTypes?: readonly string[]) => ({
  via: 'history' as const,
  room: sampleRoom(hiddenTypes === undefined ? {} : { hiddenTypes }),
});
const byOffset = { via: 'messages' as const, room: sampleRoom() };

/** A workspace with this setting, or one that does not say it. */
function workspace(types: readonly string[] | Error | null) {
  let asked = 0;
  return {
    asked: () => asked,
    hiddenTypes: () => {
      asked += 1;
      return types instanceof Error ? Promise.reject(types) : Promise.resolve(types);
    },
  };
}

describe('the message types that lists read by time lack', () => {
  it('are those of the workspace and of the rooms that have a setting of their own, each once', async () => {
    const chat = workspace(['ul', 'au']);
    expect(await hiddenTypesOf([byTime(), byTime(['uj', 'au']), byOffset], chat)).toEqual({
      lists: 2,
      types: ['au', 'uj', 'ul'],
    });
    expect(chat.asked()).toBe(1);
  });

  it('are not asked for where every such room has its own setting, or no list is read by time', async () => {
    const chat = workspace(['ul']);
    expect(await hiddenTypesOf([byTime([]), byTime(['uj'])], chat)).toEqual({ lists: 2, types: ['uj'] });
    expect(await hiddenTypesOf([byOffset], chat)).toEqual({ lists: 0, types: [] });
    expect(chat.asked()).toBe(0);
  });

  it.each([
    ['does not show the setting', null],
    ['refuses it', new RoomError('not-allowed', 'Not allowed')],
    ['makes the run wait too long for it', new StoppedError('Too long')],
  ])('are unknown where the server %s, which is no reason to read nothing', async (_, types) =>
    expect(await hiddenTypesOf([byTime(), byTime(['uj'])], workspace(types))).toEqual({ lists: 2, types: null }),
  );

  it('end the run where it is interrupted', async () => {
    const interrupt = new InterruptedError('SIGINT');
    await expect(hiddenTypesOf([byTime()], workspace(interrupt))).rejects.toBe(interrupt);
  });
});
