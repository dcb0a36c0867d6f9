import { describe, expect, it } from '@jest/globals';
import { planOfRoom } from '../../src/plan/plan-of-room.ts';
import { sampleChanges } from '../support/plans/sample-changes.ts';
import { sampleRoom } from '../support/plans/sample-room.ts';
import { sampleMentions, sampleStream } from '../support/plans/sample-stream.ts';

describe('what a run reads of one room', () => {
  const room = sampleRoom({ id: 'r2' });
  const streams = [sampleStream(), sampleStream({ room }), sampleMentions()];
  const changes = [sampleChanges({ room })];

  it('are its lists in the order of the plan, and its changes', () => {
    expect(planOfRoom({ streams, changes }, 'r1')).toEqual({ streams: [streams[0], streams[2]], changes: undefined });
    expect(planOfRoom({ streams, changes }, 'r2')).toEqual({ streams: [streams[1]], changes: changes[0] });
    expect(planOfRoom({ streams, changes }, 'r3')).toEqual({ streams: [], changes: undefined });
  });

  it('is found by one look at the plan, however many rooms are asked for', () => {
    let looks = 0;
    const counted = streams.map((stream) =>
      Object.defineProperty({ ...stream }, 'room', {
        get: () => {
          looks += 1;
          return stream.room;
        },
      }),
    );
    const plan = { streams: counted };
    for (let asked = 0; asked < 100; asked += 1) planOfRoom(plan, 'r1');
    expect(looks).toBe(streams.length);
  });
});
