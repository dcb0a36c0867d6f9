import { describe, expect, it } from '@jest/globals';
import { withJournals } from '../../src/plan/journal-path.ts';
import type { PlannedChanges, PlannedStream } from '../../src/plan/run-plan.ts';
import type { Room } from '../../src/model/room.ts';
import { fromTheBeginning } from '../../src/model/stream.ts';
import { wholeWalk } from '../support/plans/sample-stream.ts';

describe('names of journals', () => {
  it('are numbered in the order of the run, changes of rooms behind the streams', () => {
    const { streams, changes } = withJournals(
      [streamOf('GENERAL'), streamOf('a/b c')],
      [changesOf('GENERAL'), changesOf('x')],
    );
    expect(streams.map(({ journal }) => journal)).toEqual([
      '0001-channels.messages-GENERAL.pages',
      '0002-channels.messages-a%2Fb%20c.pages',
    ]);
    expect(changes.map(({ journal }) => journal)).toEqual([
      '0003-chat.syncMessages-GENERAL.pages',
      '0004-chat.syncMessages-x.pages',
    ]);
  });

  it('fit into 255 bytes, and stay apart for room ids that begin alike', () => {
    const { streams } = withJournals([streamOf(`${'é'.repeat(300)}1`), streamOf(`${'é'.repeat(300)}2`)], []);
    const names = streams.map(({ journal }) => journal.slice('0001'.length));
    expect(new Set(names).size).toBe(2);
    for (const { journal } of streams) expect(Buffer.byteLength(journal)).toBeLessThanOrEqual(255);
  });
});

function streamOf(id: string): PlannedStream {
  return {
    ...{ key: `channels.messages ${id}`, endpoint: 'channels.messages', room: roomOf(id), via: 'messages' },
    ...{
      filters: {},
      pageSize: null,
      isNew: true,
      mayReplace: false,
      otherCursor: null,
      cursor: fromTheBeginning,
      holes: [],
      ...wholeWalk,
    },
  };
}

function changesOf(id: string): PlannedChanges {
  return {
    room: roomOf(id),
    cursor: fromTheBeginning,
    known: {},
    compared: null,
    isBehind: false,
    isPart: false,
    revised: [],
  };
}

function roomOf(id: string): Room {
  return {
    ...{ id, name: id, type: 'channel', archived: false, parentId: null, messageCount: null },
    ...{ lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
  };
}
