import { describe, expect, it } from '@jest/globals';
import type { StreamJournal } from '../../../src/journal/stream-journal.ts';
import type { RunChanges } from '../../../src/plan/run-plan.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { readTo } from '../../support/plans/sample-stream.ts';
import {
  changesPage,
  editedMs,
  listPage,
  loadLab,
  postedMs,
  rawMessage,
  type LoadSetting,
} from '../../support/runs/load-lab.ts';

const r1 = sampleChanges();
const r2 = sampleChanges({ room: sampleRoom({ id: 'r2' }) });
const archived = [{ id: 'a' }, { id: 'b' }, { id: 'c', roomId: 'r2' }];
const alone = { wanted: [], unwanted: [] };

type Write = (journal: StreamJournal) => Promise<void>;

const edits =
  (...ids: readonly string[]): Write =>
  (journal) =>
    journal.page(...changesPage(ids.map((id) => rawMessage(id, editedMs))));
const deletions =
  (...ids: readonly string[]): Write =>
  (journal) =>
    journal.page(...changesPage([], Object.fromEntries(ids.map((id) => [id, editedMs]))));

/** A run whose rooms have these changes, and which of the archived messages it has looked up. */
async function archivedMessages(rooms: readonly (readonly [RunChanges, Write])[], setting: LoadSetting = {}) {
  const changes = rooms.map(([of]) => of);
  const lab = await loadLab({ archived, ...setting, plan: { changes } });
  for (const [of, write] of rooms) await lab.journal(of, write);
  const { archived: messages, versions } = lab.load;
  return {
    ...{ ...lab, messages, versions },
    found: async () => {
      await messages.read();
      return archived.map(({ id }) => id).filter((id) => messages.row('messages', id) !== undefined);
    },
  };
}

describe('what the archive says of messages', () => {
  it('is looked up of those that changed or were deleted, and of no others', async () => {
    const { found, messages } = await archivedMessages([
      [r1, edits('a', 'unknown')],
      [r2, deletions('c')],
    ]);
    expect(await found()).toEqual(['a', 'c']);
    expect(messages.row('messages', 'a')).toEqual({
      ...{ run: 1, roomId: 'r1', tsMs: postedMs, updatedAtMs: postedMs, isDeleted: false, content: '' },
    });
    expect(messages.row('messages', 'unknown')).toBeUndefined();
  });

  it('is not read before somebody asks', async () => {
    const { messages } = await archivedMessages([[r1, edits('a')]]);
    expect(messages.row('messages', 'a')).toBeUndefined();
    expect(messages.unreadable).toBeNull();
  });

  it('is not looked up of what the room’s own walk brought, but where a table lacks other runs’ changes', async () => {
    const walked = async (changes: RunChanges) => {
      const here = await archivedMessages([[changes, edits('a', 'b')]]);
      here.versions.walked('messages', 'r1', { id: 'a', updatedAt: null }, alone);
      return here.found();
    };
    expect(await walked(r1)).toEqual(['b']);
    expect(await walked(sampleChanges({ isBehind: true }))).toEqual(['a', 'b']);
  });

  it('is looked up of what a walk brought as a mention only', async () => {
    const here = await archivedMessages([[r1, edits('a')]]);
    here.versions.walked('mentioned_messages', 'r1', { id: 'a', updatedAt: null }, alone);
    expect(await here.found()).toEqual(['a']);
  });

  it('is looked up of what is deleted here and a walk brought to another room: it may have been in this one', async () => {
    const elsewhere = async (write: Write) => {
      const here = await archivedMessages([[r1, write]]);
      here.versions.walked('messages', 'r2', { id: 'a', updatedAt: null }, alone);
      return here.found();
    };
    expect(await elsewhere(deletions('a'))).toEqual(['a']);
    expect(await elsewhere(edits('a'))).toEqual([]);
  });

  it('is nothing of tables that the job does not make', async () => {
    const { found } = await archivedMessages([[r1, edits('a')]], { tables: ['reactions'] });
    expect(await found()).toEqual([]);
  });

  it('of a message that was deleted in one room and came to another is that it is back', async () => {
    const { messages } = await archivedMessages([
      [r1, deletions('a', 'b')],
      [r2, edits('a', 'c')],
    ]);
    await messages.read();
    expect(['a', 'b', 'c'].filter((id) => messages.isBack(id))).toEqual(['a']);
  });

  it('is not that one is back which a walk brought: its row is written', async () => {
    const here = await archivedMessages([
      [r1, deletions('a')],
      [r2, edits('a')],
    ]);
    here.versions.walked('messages', 'r3', { id: 'a', updatedAt: null }, alone);
    await here.messages.read();
    expect(here.messages.isBack('a')).toBe(false);
  });
});

describe('what the archive says of messages of a room that was read once more', () => {
  const refused =
    (ids: readonly string[], end: 'end' | 'gap' = 'end', sinceMs = postedMs - 1): Write =>
    async (journal) => {
      await journal.refusal({ reason: 'not-allowed', instead: { endpoint: 'groups.messages', sinceMs } });
      await journal.page(...listPage(ids.map((id) => rawMessage(id))));
      await (end === 'end' ? journal.end(readTo(0)) : journal.gap(readTo(0), 'http-500', ''));
    };

  it('is looked up of all that it stores of the window, and of all that came', async () => {
    const { found } = await archivedMessages([[r1, refused(['a', 'c'])]]);
    expect(await found()).toEqual(['a', 'b', 'c']);
    const { found: foundWithout } = await archivedMessages([[r1, refused(['a'])]]);
    expect(await foundWithout()).toEqual(['a', 'b']);
    const { found: later } = await archivedMessages([[r1, refused([], 'end', postedMs)]]);
    expect(await later()).toEqual([]);
  });

  it('is that one is back which this room lacks and another one reports', async () => {
    const isBack = async (end: 'end' | 'gap', others: Write) => {
      const { messages } = await archivedMessages([
        [r1, refused(['a'], end)],
        [r2, others],
      ]);
      await messages.read();
      return ['a', 'b'].filter((id) => messages.isBack(id));
    };
    expect(await isBack('end', edits('a', 'b'))).toEqual(['b']);
    expect(await isBack('end', deletions('a', 'b'))).toEqual(['a']);
    // A list that was read in part proves nothing.
    expect(await isBack('gap', edits('a', 'b'))).toEqual([]);
  });

  it('is nothing where nothing is read in its place', async () => {
    const { found } = await archivedMessages([
      [
        r1,
        async (journal) => {
          await journal.refusal({ reason: 'not-found', instead: null });
          await journal.page(...listPage([rawMessage('a')]));
        },
      ],
    ]);
    expect(await found()).toEqual([]);
  });
});

describe('an archive that cannot be asked', () => {
  it('says why: a note where it lacks columns, a gap where it is damaged', async () => {
    const columns = ['message_id', 'room_id', 'ts', 'run'];
    const lacking = await archivedMessages([[r1, edits('a')]], { columns });
    expect(await lacking.found()).toEqual([]);
    expect(lacking.messages.unreadable?.kind).toBe('note');
    expect(lacking.messages.unreadable?.message).toContain('"op"');
    const damaged = await archivedMessages([[r1, edits('a')]]);
    await damaged.disk.open('/archive/_manifest/run-000001.json', 'truncate');
    expect(await damaged.found()).toEqual([]);
    expect(damaged.messages.unreadable?.kind).toBe('gap');
    expect(damaged.messages.unreadable?.message).toContain('run-000001.json');
  });

  it('is asked once', async () => {
    const { messages, disk } = await archivedMessages([[r1, edits('a')]]);
    await messages.read();
    await disk.open('/archive/_manifest/run-000001.json', 'truncate');
    await messages.read();
    expect([messages.row('messages', 'a')?.run, messages.unreadable]).toEqual([1, null]);
  });
});
