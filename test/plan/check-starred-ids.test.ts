import { describe, expect, it } from '@jest/globals';
import { JobError } from '../../src/errors.ts';
import { checkStarredIds } from '../../src/plan/check-starred-ids.ts';

const user = { id: 'u1', username: 'archivist' };
const entry = (starredIds?: readonly string[]) => ({ rooms: ['*'], ...(starredIds && { starredIds }) });

describe('starredIds', () => {
  it('may name the user of the login, or nobody', () =>
    expect(() => checkStarredIds([entry(), entry([]), entry(['u1'])], user)).not.toThrow());

  it('names each other user once, and says whom the server can answer for', () => {
    const check = () => checkStarredIds([entry(['u1', 'u2']), entry(['u2', 'u3'])], user);
    expect(check).toThrow(JobError);
    expect(check).toThrow('Cannot select messages by starredIds "u2", "u3": expected only "u1", the login\'s own id');
  });
});
