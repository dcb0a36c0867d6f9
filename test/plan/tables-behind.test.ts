import { describe, expect, it } from '@jest/globals';
import { askedSinceMs, isNewOfRoom, progressAfter, type RoomCoverage } from '../../src/plan/tables-behind.ts';

/** A run over all messages of a room that makes these tables. */
const whole = (...made: readonly string[]): RoomCoverage => ({ endpoints: ['groups.messages'], made: new Set(made) });
/** A run over those that mention the login. */
const part = (...made: readonly string[]): RoomCoverage => ({
  endpoints: ['chat.getMentionedMessages'],
  made: new Set(made),
});

describe('since when a run asks for changes', () => {
  it('is since the last run that read them', () =>
    expect(askedSinceMs({ sinceMs: 100, tables: ['messages'] }, whole('messages'))).toBe(100));

  it('is since the table that is furthest behind, of those that the run brings up to date', () => {
    const known = { sinceMs: 100, tables: ['messages'], behind: { reactions: 30, links: 20, mentioned_messages: 10 } };
    expect(askedSinceMs(known, whole('messages', 'reactions'))).toBe(30);
    expect(askedSinceMs(known, whole('messages', 'reactions', 'links', 'mentioned_messages'))).toBe(20);
    expect(askedSinceMs(known, whole('messages'))).toBe(100);
    expect(askedSinceMs(known, part('mentioned_messages'))).toBe(10);
  });

  it('is never later than that: what a table had is no reason to skip', () =>
    expect(askedSinceMs({ sinceMs: 100, behind: { messages: 900 } }, whole('messages'))).toBe(100));
});

describe('a table that no run has made of a room', () => {
  const known = { sinceMs: 100, tables: ['messages'], behind: { links: 5 } };

  it('is new of it, until one has: also one that the last run did without', () => {
    expect(isNewOfRoom(known, 'reactions')).toBe(true);
    expect(isNewOfRoom(known, 'links')).toBe(false);
    expect(isNewOfRoom(known, 'messages')).toBe(false);
  });

  it('is not where an older program did not say which tables there were', () =>
    expect(isNewOfRoom({ sinceMs: 100 }, 'reactions')).toBe(false));

  it('may have a name that is that of a property of every object', () =>
    expect(isNewOfRoom({ sinceMs: 100, tables: [], behind: {} }, 'constructor')).toBe(true));

  it('is as good as new where an older program could not read the room again', () =>
    expect(isNewOfRoom({ sinceMs: 200, tables: ['reactions'], lacking: ['reactions'] }, 'reactions')).toBe(true));
});

describe('the tables after a run', () => {
  it('are those that it made, in order of the alphabet', () =>
    expect(progressAfter(undefined, 0, whole('reactions', 'messages', 'rooms'))).toEqual({
      tables: ['messages', 'reactions'],
      behind: {},
    }));

  it('leave the others behind, since the last run that made them', () =>
    expect(progressAfter({ sinceMs: 100, tables: ['messages', 'links'] }, 100, whole('messages'))).toEqual({
      tables: ['messages'],
      behind: { links: 100 },
    }));

  it('have caught up where changes were asked for since the table was behind, and only then', () => {
    const known = { sinceMs: 100, tables: ['messages'], behind: { links: 30 } };
    expect(progressAfter(known, 30, whole('messages', 'links'))).toEqual({ tables: ['links', 'messages'], behind: {} });
    expect(progressAfter(known, 31, whole('messages', 'links'))).toEqual({
      tables: ['messages'],
      behind: { links: 30 },
    });
    expect(progressAfter(known, 100, whole('messages'))).toEqual({ tables: ['messages'], behind: { links: 30 } });
  });

  it('are as they were where the changes were not read to their end, with those that are new to it', () => {
    const known = { sinceMs: 100, tables: ['messages'], behind: { links: 30 } };
    expect(progressAfter(known, null, whole('messages', 'links', 'reactions'))).toEqual({
      tables: ['messages', 'reactions'],
      behind: { links: 30 },
    });
  });

  it('are a part of each side table where only mentions are read, under a name of its own', () => {
    const mentioned = part('mentioned_messages', 'reactions');
    expect(progressAfter(undefined, 0, mentioned).tables).toEqual([
      'mentioned_messages',
      'reactions of mentioned_messages',
    ]);
    // A run over all messages leaves that part as the room is, too.
    const known = { sinceMs: 100, tables: ['mentioned_messages', 'reactions of mentioned_messages'] };
    expect(progressAfter(known, 100, whole('messages', 'reactions'))).toEqual({
      tables: ['messages', 'reactions', 'reactions of mentioned_messages'],
      behind: { mentioned_messages: 100 },
    });
    expect(progressAfter(undefined, 0, whole('messages', 'reactions')).tables).toEqual(['messages', 'reactions']);
    const behind = { sinceMs: 100, tables: [], behind: { 'reactions of mentioned_messages': 40 } };
    expect(askedSinceMs(behind, whole('messages', 'reactions'))).toBe(40);
  });
});
