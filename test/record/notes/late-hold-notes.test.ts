import { expect, it } from '@jest/globals';
import { lateHoldNotes } from '../../../src/record/notes/late-hold-notes.ts';

const before = '2024-01-01T00:00:00.000Z';

it('says of each room and person what a hold came too late for, and how what the server has of it is read again', () => {
  const [room, user, ...others] = lateHoldNotes(
    [
      { kind: 'room', name: 'ops', before },
      { kind: 'user', name: 'ada', before },
    ],
    null,
  );
  expect(others).toEqual([]);
  expect(room).toBe(
    `Room "ops" is held by the job since this run. What purges by time had removed before (messages sent before ${before}) is not in the archive: the hold keeps what is there, and what is read from now on. What the server still has of it is read once more after \`state reset\` of the room.`,
  );
  expect(user).toMatch(/^User "ada" is held by .* after `state forget`, which has every room read again\.$/);
});

it('says that earlier names could not be looked up, and nothing where there is nothing to say', () => {
  expect(lateHoldNotes([], 'run 2 is damaged')).toEqual([
    'Which names held rooms and people had before could not be looked up (run 2 is damaged): messages of those that the job names by such a name were left out where a purge by time says so.',
  ]);
  expect(lateHoldNotes([], null)).toEqual([]);
});
