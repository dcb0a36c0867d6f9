import { expect, it } from '@jest/globals';
import { purgedNotes } from '../../../src/record/notes/purged-notes.ts';

it('says how many messages purges kept out of a run, and nothing where there were none', () => {
  const step = { step: 'purged', settings: {}, dropped: 11 };
  expect(purgedNotes([{ ...step, dropped: 1 }]).join()).toMatch(/^1 message that the server has was left out: /);
  expect(purgedNotes([{ ...step, step: 'period' }])).toEqual([]);
  expect(purgedNotes([{ ...step, step: 'period', dropped: 5 }, step])).toEqual([
    '11 messages that the server has were left out: a purge, or `retention`, keeps such out for good. Of rooms and people that the job holds these are only what was purged by its id or its sender.',
  ]);
  expect(purgedNotes([{ ...step, dropped: 0 }])).toEqual([]);
  expect(purgedNotes([])).toEqual([]);
});
