import { describe, expect, it } from '@jest/globals';
import { loadChanges } from '../../../src/load/changes/load-changes.ts';
import type { StreamJournal } from '../../../src/journal/stream-journal.ts';
import { noBalance } from '../../../src/model/run/balance.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
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

const archived = [{ id: 'a' }, { id: 'b' }];

/** Loads the changes of the room "ops", over an archive that has its messages "a" and "b". */
async function loaded(
  write: (journal: StreamJournal) => Promise<void>,
  fields: Parameters<typeof sampleChanges>[0] = {},
  setting: LoadSetting = {},
) {
  const changes = sampleChanges(fields);
  const lab = await loadLab({ archived, ...setting, plan: { changes: [changes] } });
  await lab.journal(changes, write);
  const result = await loadChanges(lab.load, changes, lab.windows);
  return { ...lab, result };
}

describe('the changes that the server reported of a room', () => {
  it('become rows, and are counted', async () => {
    const { said, result } = await loaded(async (journal) => {
      await journal.page(...changesPage([rawMessage('new', editedMs), rawMessage('a', editedMs)], { b: editedMs }));
      await journal.end(readTo(0));
    });
    expect(said()).toEqual(['delete b in messages', 'upsert new in messages', 'upsert a in messages']);
    expect(result).toEqual({
      ...{ changes: 3, deferredFromMs: null, isUnread: false },
      balance: { ...noBalance, added: 0 },
    });
  });

  it('are, of a message that changed again while they were read, the last', async () => {
    const { written, result } = await loaded(async (journal) => {
      await journal.page(...changesPage([rawMessage('a', editedMs, { msg: 'first' })]));
      await journal.page(...changesPage([rawMessage('a', editedMs + 1, { msg: 'last' })]));
      await journal.end(readTo(0));
    });
    expect(written.map(([, { msg }]) => msg)).toEqual(['last']);
    expect(result.changes).toBe(1);
  });

  it('delete no message that is among the changed ones, too: it came back', async () => {
    const { said } = await loaded(async (journal) => {
      await journal.page(...changesPage([], { a: editedMs, b: editedMs + 1 }));
      // Known to the run before: not new, but alive.
      await journal.page(...changesPage([rawMessage('a', editedMs)], {}, [0]));
      await journal.end(readTo(0));
    });
    expect(said()).toEqual(['delete b in messages']);
  });

  it('delete a message whatever the clocks showed, unless the changed ones could not be read to their end', async () => {
    const newer = { archived: [{ id: 'b', updatedMs: editedMs + 1 }] };
    const deletion = changesPage([], { b: editedMs });
    const whole = await loaded(
      async (journal) => {
        await journal.page(...deletion);
        await journal.end(readTo(0));
      },
      {},
      newer,
    );
    expect(whole.said()).toEqual(['delete b in messages']);
    const part = await loaded(
      async (journal) => {
        await journal.page(...deletion);
        await journal.gap(readTo(0), 'http-500', '');
      },
      {},
      newer,
    );
    expect(part.said()).toEqual([]);
  });

  it('are counted in the length of the list', async () => {
    const { result } = await loaded(async (journal) => {
      await journal.page(...changesPage([], { a: editedMs, b: editedMs }));
      await journal.end(readTo(0));
    });
    expect(result.balance).toEqual({ ...noBalance, added: -2 });
  });

  it('are left to the next run where the archive is damaged, or this run’s walk brought another version', async () => {
    const changes = sampleChanges();
    const lab = await loadLab({ archived, plan: { changes: [changes] } });
    await lab.journal(changes, (journal) => journal.page(...changesPage([rawMessage('a', editedMs)], { b: editedMs })));
    const alone = { wanted: [], unwanted: [] };
    lab.load.versions.walked('messages', 'r1', { id: 'a', updatedAt: new Date(postedMs) }, alone);
    await lab.disk.open('/archive/_manifest/run-000001.json', 'truncate');
    const { deferredFromMs, isUnread, changes: written } = await loadChanges(lab.load, changes, lab.windows);
    expect([deferredFromMs, isUnread, written]).toEqual([editedMs, true, 0]);
  });
});

describe('a room whose changes the server refuses', () => {
  const refused = async (journal: StreamJournal): Promise<void> => {
    const instead = { endpoint: 'groups.messages', sinceMs: postedMs - 1 };
    await journal.refusal({ reason: 'not-allowed', instead });
    await journal.page(...listPage([rawMessage('a', editedMs)]));
  };

  it('is compared by its messages, which says nothing of the length of the list', async () => {
    const { said, result } = await loaded(async (journal) => {
      await refused(journal);
      await journal.end(readTo(0));
    });
    expect(said()).toEqual(['upsert a in messages', 'delete b in messages']);
    expect(result).toMatchObject({ changes: 2, balance: noBalance });
  });

  it('is not compared where these could not be read to their end: the next run reads all of them again', async () => {
    const { said } = await loaded(async (journal) => {
      await refused(journal);
      await journal.gap(readTo(0), 'http-500', '');
    });
    expect(said()).toEqual([]);
  });
});

describe('a room that is compared', () => {
  const nothing = (journal: StreamJournal): Promise<void> => journal.end(readTo(0));

  it('may show messages that another room had before, of which nobody reports that', async () => {
    expect((await loaded(nothing, { compared: 'restored' })).load.versions.mayHaveReturned).toBe(true);
    expect((await loaded(nothing)).load.versions.mayHaveReturned).toBe(false);
  });
});
