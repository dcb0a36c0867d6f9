import { describe, expect, it } from '@jest/globals';
import { withFormerNames } from '../../../src/plan/rooms/known-rooms.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { listState, stateWith } from '../../support/plans/sample-state.ts';

describe('the names that a room had', () => {
  it('are those under which any of its lists was read, but for the present one, in order of the alphabet', () => {
    const state = stateWith({
      lists: {
        a: listState({ roomName: 'zeta', formerNames: ['beta'] }),
        b: listState({ roomName: 'ops', formerNames: ['alpha', 'beta'] }),
        c: listState({ roomId: 'r2', roomName: 'other' }),
      },
    });
    const room = sampleRoom();
    expect(withFormerNames([room], state)).toEqual([{ ...room, formerNames: ['alpha', 'beta', 'zeta'] }]);
  });

  it('are none where it always had the present one', () => {
    const room = sampleRoom();
    const [same] = withFormerNames([room], stateWith({ lists: { a: listState() } }));
    expect(same).toBe(room);
    expect(withFormerNames([room], stateWith())).toEqual([room]);
  });
});
