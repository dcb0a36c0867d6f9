import { describe, expect, it } from '@jest/globals';
import { incompleteTables, tableNotes } from '../../../src/record/completion/incomplete-tables.ts';
import { changesState } from '../../support/plans/sample-state.ts';
import { sampleStream } from '../../support/plans/sample-stream.ts';

const tables = { messages: 0, reactions: 0 };
const reread = (...names: readonly string[]) => ({ ...sampleStream(), tables: names });

describe('a table that lacks what earlier runs read of rooms', () => {
  it('is named with the number of rooms, if the job makes it, each room once', () => {
    const lacking = (...names: readonly string[]) => changesState({ lacking: names });
    const changes = {
      r1: lacking('reactions', 'reactions of mentioned_messages'),
      r2: lacking('links'),
      r3: changesState(),
    };
    const incomplete = incompleteTables({ changes }, tables);
    expect(incomplete).toEqual([
      {
        ...{ table: 'reactions', format: null, columns: null, runs: [] },
        because:
          'of one room that earlier runs read it has only what came since it is made, because reading the room again ended in a gap: the next run tries once more',
      },
    ]);
    const both = incompleteTables({ changes: { ...changes, r4: lacking('reactions') } }, tables);
    expect(both[0]?.because).toContain('of 2 rooms that');
    expect(tableNotes({ rereads: [] }, incomplete)).toEqual([
      `The table "reactions" is not whole: ${incomplete[0]?.because ?? ''}.`,
    ]);
    expect(incompleteTables({ changes: { r3: changesState() } }, tables)).toEqual([]);
  });

  it('is named where lists were read once more for it', () => {
    expect(tableNotes({ rereads: [reread('reactions', 'reactions of mentioned_messages')] }, [])).toEqual([
      'One list was read again from the beginning, for tables that no earlier run made: reactions. Other tables got nothing of that.',
    ]);
    expect(tableNotes({ rereads: [reread('reactions'), reread('links', 'reactions')] }, [])[0]).toMatch(
      /^2 lists were read again from the beginning, .*: reactions, links\./,
    );
    expect(tableNotes({ rereads: [] }, [])).toEqual([]);
  });
});
