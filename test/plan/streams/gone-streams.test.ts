import { describe, expect, it } from '@jest/globals';
import type { ListState } from '../../../src/archive/state/state.ts';
import type { ExtractEntry } from '../../../src/job/job.ts';
import type { Room } from '../../../src/model/room.ts';
import { goneGap, goneStreams, newlyGone } from '../../../src/plan/streams/gone-streams.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { listState, stateWith } from '../../support/plans/sample-state.ts';
import { readTo, sampleStream } from '../../support/plans/sample-stream.ts';

const groups = (...rooms: readonly string[]): ExtractEntry => ({ endpoint: 'groups.messages', rooms });
const key = 'groups.messages r1';

/** What is gone of the list of "ops", as an earlier run left it, in a workspace of these rooms. */
function gone(
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
  known: Partial<ListState> = {},
  isPartial = false,
) {
  return goneStreams(entries, rooms, stateWith({ lists: { [key]: listState(known) } }), {
    refused: isPartial ? ['refused'] : [],
  });
}

const reasons = (...args: Parameters<typeof gone>) => gone(...args).map(({ reason }) => reason);

describe('a list whose room no entry reads any more', () => {
  it('is gone with its room: as earlier runs knew it, from where they were', () => {
    const known = { cursor: readTo(77), formerNames: ['old'], unjoined: true as const };
    expect(gone([{ ...groups('*'), pageSize: 50, scope: 'readable' }], [], known)).toMatchObject([
      {
        ...{ key, endpoint: 'groups.messages', via: 'messages', filters: {}, pageSize: 50, isNew: false },
        ...{ mayReplace: false, holes: [], otherCursor: null, cursor: readTo(77), reason: 'room-gone' },
        room: sampleRoom({ formerNames: ['old'], unjoined: true }),
      },
    ]);
    expect(gone([groups('*')], [])[0]?.room).toEqual(sampleRoom());
  });

  it('is not gone while an entry reads the room', () => {
    expect(reasons([groups('*')], [sampleRoom()])).toEqual([]);
    expect(reasons([groups('old'), { rooms: ['ops'] }], [sampleRoom()])).toEqual([]);
  });

  it('is not gone where only the job leaves it out now', () => {
    expect(reasons([groups('dev')], [])).toEqual([]);
    expect(reasons([groups('dev')], [sampleRoom()])).toEqual([]);
    expect(reasons([groups('!ops')], [])).toEqual([]);
    expect(reasons([{ ...groups('*'), pinned: true }], [])).toEqual([]);
    expect(reasons([{ endpoint: 'im.messages', rooms: ['*'] }], [])).toEqual([]);
  });

  it('is of a room that another endpoint reads now', () => {
    const asChannel = sampleRoom({ type: 'channel' });
    expect(reasons([groups('ops')], [asChannel])).toEqual(['room-kind']);
    // An entry without endpoint reads it as what it is.
    expect(reasons([{ rooms: ['ops'] }], [asChannel])).toEqual([]);
  });

  it('is of a room that has a new name, which no entry has', () => {
    const renamed = sampleRoom({ name: 'operations', formerNames: ['ops'] });
    expect(reasons([groups('op?')], [renamed])).toEqual(['room-renamed']);
    expect(reasons([groups('op?', '!operations')], [renamed])).toEqual([]);
    expect(reasons([groups('dev')], [renamed])).toEqual([]);
    // By the name itself earlier runs know it.
    expect(reasons([groups('ops')], [renamed])).toEqual([]);
  });

  it('is of a room whose name another one has taken', () => {
    const other = sampleRoom({ id: 'r2' });
    expect(reasons([groups('ops')], [other])).toEqual(['room-gone']);
    expect(reasons([groups('ops')], [other, sampleRoom({ name: 'operations', formerNames: ['ops'] })])).toEqual([
      'room-renamed',
    ]);
  });

  it('is gone once, though two entries asked for it', () =>
    expect(reasons([groups('ops'), groups('*')], [])).toEqual(['room-gone']));

  it('may be there where the server refused a list of rooms that the login has not joined', () => {
    const readable = [{ ...groups('*'), scope: 'readable' as const }];
    const unjoined = { unjoined: true as const };
    expect(reasons(readable, [], unjoined, true)).toEqual([]);
    expect(reasons(readable, [], {}, true)).toEqual(['room-gone']);
    expect(reasons([groups('*')], [], unjoined)).toEqual([]);
    expect(reasons([groups('ops')], [sampleRoom({ type: 'channel', ...unjoined })], unjoined, true)).toEqual([]);
  });

  it('is of the kind that its endpoint reads, where an older program did not say', () => {
    const kindOf = (known: Partial<ListState>, entry: ExtractEntry) => gone([entry], [], known)[0]?.room.type;
    expect(kindOf({ roomType: '' }, groups('*'))).toBe('private');
    expect(kindOf({ roomType: 'private', endpoint: 'channels.messages' }, groups('*'))).toBe('private');
    expect(kindOf({ roomType: '', endpoint: 'nobody.knows' }, groups('*'))).toBe('private');
  });
});

describe('what a manifest says of it', () => {
  const stream = { ...sampleStream({ room: sampleRoom({ type: 'channel' }) }) };

  it('is why, and what to do about it', () => {
    const messages = (['room-gone', 'room-kind', 'room-renamed'] as const).map((reason) => {
      const gap = goneGap({ ...stream, reason });
      expect(gap.reason).toBe(reason);
      return gap.message;
    });
    expect(messages).toEqual([
      'Room "ops" is no longer among the rooms this login can see: it was deleted, or the login has left it',
      'Room "ops" is a channel room now, which groups.messages does not read: add an entry with it, without endpoint or of channels.messages, and it is read on where it was',
      'Room "ops" has a new name, which no entry of the job matches: add it, and the room is read on where it was',
    ]);
  });

  it('is a gap once: a job that runs every night must not fail for ever because of one room', () => {
    const lost = { ...stream, cursor: readTo(5), reason: 'room-gone' as const };
    const outcomes = (isKnown: boolean) =>
      newlyGone(stateWith({ lists: { [key]: listState({ gone: isKnown }) } }), { gone: [lost] });
    expect(outcomes(true)).toEqual([]);
    expect(outcomes(false)).toMatchObject([
      { stream: lost, cursor: readTo(5), gap: { reason: 'room-gone' }, holes: [], total: null },
    ]);
  });
});
