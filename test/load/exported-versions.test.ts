import { describe, expect, it } from '@jest/globals';
import { ExportedVersions } from '../../src/load/exported-versions.ts';
import { sampleChanges } from '../support/plans/sample-changes.ts';
import { readTo } from '../support/plans/sample-stream.ts';

const message = (id: string, atMs: number | null) => ({ id, updatedAt: atMs === null ? null : new Date(atMs) });
const alone = { wanted: [], unwanted: [] };

/** A later run that asks for the changes of room "r1" since 100; the next run will ask for those of others since 500. */
const secondRun = () =>
  new ExportedVersions({ run: 2, changes: [sampleChanges({ cursor: readTo(100) })], changesFromMs: 500 });
const firstRun = () => new ExportedVersions({ run: 1, changes: [], changesFromMs: 500 });

describe('which versions a run exported', () => {
  it('are those that the next run might be told of: since it asks, or since this one asked', () => {
    const versions = secondRun();
    for (const atMs of [99, 100, 101]) versions.walked('messages', 'r1', message(`a${atMs}`, atMs), alone);
    for (const atMs of [500, 501]) versions.walked('messages', 'r2', message(`b${atMs}`, atMs), alone);
    versions.walked('messages', 'r1', message('undated', null), alone);
    expect(versions.byRoom()).toEqual({
      r1: { known: { messages: ['a101@101'] }, isUnsettled: false },
      r2: { known: { messages: ['b501@501'] }, isUnsettled: false },
    });
  });

  it('are, of one message, the last that came', () => {
    const versions = secondRun();
    versions.walked('messages', 'r1', message('m', 200), alone);
    versions.changed('messages', 'r1', { kind: 'updated', id: 'm', atMs: 300 });
    versions.changed('messages', 'r1', { kind: 'deleted', id: 'm', atMs: 400 });
    versions.changed('messages', 'r1', { kind: 'deleted', id: 'n', atMs: 400 });
    expect(versions.byRoom()['r1']?.known).toEqual({ messages: ['m@300', 'm@deleted:400', 'n@deleted:400'] });
  });

  it('are known to the tables that they are none for, unless those have another', () => {
    const versions = secondRun();
    const noMention = { wanted: [], unwanted: ['mentioned_messages' as const] };
    versions.walked('messages', 'r1', message('m', 200), noMention);
    versions.walked('mentioned_messages', 'r1', message('n', 150), alone);
    versions.walked('messages', 'r1', message('n', 250), noMention);
    expect(versions.byRoom()['r1']?.known).toEqual({
      messages: ['m@200', 'n@250'],
      mentioned_messages: ['m@200', 'n@150'],
    });
  });

  it('leave a room unsettled where two walks met a message in different versions, or only one met it', () => {
    const isUnsettled = (...mentionedMs: readonly number[]) => {
      const versions = secondRun();
      versions.walked('messages', 'r1', message('m', 200), { wanted: ['mentioned_messages'], unwanted: [] });
      for (const atMs of mentionedMs) versions.walked('mentioned_messages', 'r1', message('m', atMs), alone);
      return versions.byRoom()['r1']?.isUnsettled;
    };
    expect([isUnsettled(), isUnsettled(200), isUnsettled(201)]).toEqual([true, false, true]);
  });
});

describe('which messages the walks of a run brought', () => {
  it('are those of rooms whose changes it reads, by table, with their version', () => {
    const versions = secondRun();
    versions.walked('messages', 'r1', message('m', 50), alone);
    versions.walked('messages', 'r1', message('n', null), alone);
    versions.walked('messages', 'r2', message('o', 50), alone);
    const walkedAt = (id: string, room = 'r1') => versions.walkedAtMs('messages', room, id);
    expect([walkedAt('m'), walkedAt('n'), walkedAt('x'), walkedAt('o', 'r2')]).toEqual([
      50,
      null,
      undefined,
      undefined,
    ]);
    expect(versions.walkedAtMs('mentioned_messages', 'r1', 'm')).toBeUndefined();
    expect([versions.hasWalked('o'), versions.hasWalked('x')]).toEqual([true, false]);
  });

  it('are of no matter in the first run: there is nothing to compare them with', () => {
    const versions = firstRun();
    versions.walked('messages', 'r1', message('m', 50), alone);
    versions.noteReturned();
    expect([versions.hasWalked('m'), versions.mayHaveReturned, versions.hasLeft('messages', 'm')]).toEqual([
      ...[false, false, false],
    ]);
  });

  it('may have been elsewhere before, if that is noted', () => {
    const versions = secondRun();
    expect(versions.mayHaveReturned).toBe(false);
    versions.noteReturned();
    expect(versions.mayHaveReturned).toBe(true);
  });

  it('have left the tables in which they have no row any more', () => {
    const versions = secondRun();
    versions.walked('messages', 'r1', message('m', 50), alone);
    versions.settled('m', ['messages', 'reactions']);
    versions.settled('unwalked', ['messages']);
    const left = (id: string) =>
      (['messages', 'mentioned_messages', 'mentions', 'reactions', 'attachments', 'links'] as const).filter((table) =>
        versions.hasLeft(table, id),
      );
    expect(left('m')).toEqual(['mentioned_messages', 'mentions', 'attachments', 'links']);
    expect(left('unwalked')).toEqual([]);
    versions.settled('m', ['links']);
    expect(left('m')).toEqual(['mentioned_messages', 'mentions', 'attachments']);
  });
});

describe('a message of which a room writes a change', () => {
  it('is that room’s: a run writes one row of it, whichever rooms it was in meanwhile', () => {
    const versions = secondRun();
    expect([versions.claim('m', 'r1'), versions.claim('m', 'r1'), versions.claim('m', 'r2')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('can be given back by that room only', () => {
    const versions = secondRun();
    versions.claim('m', 'r1');
    versions.release('m', 'r2');
    expect(versions.claim('m', 'r2')).toBe(false);
    versions.release('m', 'r1');
    expect(versions.claim('m', 'r2')).toBe(true);
  });

  it('is nobody else’s where a walk has brought it', () => {
    const versions = secondRun();
    versions.walked('mentioned_messages', 'r1', message('m', 50), alone);
    versions.walked('messages', 'r2', message('n', 50), alone);
    expect([versions.claim('m', 'r1'), versions.claim('m', 'r2'), versions.claim('n', 'r1')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('messages that were delivered though their list was not read', () => {
  it('are named by list, each once', () => {
    const versions = secondRun();
    expect(versions.delivered()).toEqual({});
    for (const id of ['a', 'b', 'a']) versions.deliver('groups.messages r1', id);
    versions.deliver('im.messages d1', 'c');
    expect(versions.delivered()).toEqual({ 'groups.messages r1': ['a', 'b'], 'im.messages d1': ['c'] });
  });
});
