import { describe, expect, it } from '@jest/globals';
import { OutputError } from '../../src/errors.ts';
import {
  aliveIds,
  changesJournal,
  journaledHoles,
  reportedChanges,
  rereadMessages,
} from '../../src/load/changes-journal.ts';
import type { StreamJournal } from '../../src/journal/stream-journal.ts';
import { changeKey } from '../../src/model/changes.ts';
import { sampleChanges } from '../support/plans/sample-changes.ts';
import { sampleHole } from '../support/plans/sample-outcome.ts';
import { readTo } from '../support/plans/sample-stream.ts';
import { changesPage, editedMs, listPage, loadLab, postedMs, rawMessage } from '../support/runs/load-lab.ts';

const changes = sampleChanges();
const nothing = Buffer.alloc(0);

async function journalOf(write: (journal: StreamJournal) => Promise<void>) {
  const lab = await loadLab();
  const path = await lab.journal(changes, write);
  return { ...lab, path };
}

async function collect<T>(all: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

describe('what the journal of a room’s changes says of itself', () => {
  it('is how it ends, and whether the server reported changes at all', async () => {
    const refusal = { reason: 'not-found', instead: null };
    const whole = await journalOf((journal) => journal.end(readTo(0)));
    expect(await changesJournal(whole.load, changes)).toEqual({ path: whole.path, isGap: false, refusal: null });
    const refused = await journalOf(async (journal) => {
      await journal.refusal(refusal);
      await journal.page(...listPage([]));
      await journal.gap(readTo(0), 'http-500', '');
    });
    expect(await changesJournal(refused.load, changes)).toEqual({ path: refused.path, isGap: true, refusal });
  });

  it('is waited for until it is closed', async () => {
    const { load, feed } = await journalOf((journal) => journal.end(readTo(0)));
    const { journal } = changes;
    const { sizeBytes } = await feed.moreThan(journal, 0);
    feed.update(journal, { sizeBytes, isClosed: false });
    let isRead = false;
    const read = changesJournal(load, changes).then(() => (isRead = true));
    await new Promise(setImmediate);
    expect(isRead).toBe(false);
    feed.update(journal, { sizeBytes, isClosed: true });
    await read;
    expect(isRead).toBe(true);
  });

  it('is not believed where the file is not as it was written', async () => {
    const { load, disk, path } = await journalOf((journal) => journal.page(...changesPage([rawMessage('m')])));
    await disk.truncate(path, ((await disk.sizeBytes(path)) ?? 0) - 1);
    await expect(changesJournal(load, changes)).rejects.toBeInstanceOf(OutputError);
  });
});

describe('the changes that a journal holds', () => {
  const both = async (journal: StreamJournal): Promise<void> => {
    await journal.page(...changesPage([rawMessage('a', editedMs), rawMessage('b', editedMs)], { c: 7 }, [1]));
    await journal.hole(sampleHole(), readTo(0), nothing);
    await journal.page(...changesPage([rawMessage('c', 9)]));
    await journal.end(readTo(0));
  };

  it('are in its order, those of a page that is known already left out', async () => {
    const { disk, path } = await journalOf(both);
    const keys = (await collect(reportedChanges(disk, path))).map(changeKey);
    expect(keys).toEqual(['c@deleted:7', `b@${editedMs}`, 'c@9']);
  });

  it('show which messages are alive, in versions that are known as well', async () => {
    const { disk, path } = await journalOf(both);
    expect([...(await aliveIds(disk, path, new Set(['a', 'c', 'x'])))]).toEqual(['a', 'c']);
    const deletedOnly = await journalOf((journal) => journal.page(...changesPage([], { c: 7 })));
    expect((await aliveIds(deletedOnly.disk, deletedOnly.path, new Set(['c']))).size).toBe(0);
  });

  it('do not hold those that a purge has left the id of, and count them all the same', async () => {
    const purged = { _id: 'a', purged: 2 };
    const { disk, path } = await journalOf(async (journal) => {
      await journal.page(...changesPage([purged, rawMessage('b', editedMs), rawMessage('d', editedMs)], { c: 7 }, [2]));
    });
    const keys = (await collect(reportedChanges(disk, path))).map(changeKey);
    expect(keys).toEqual(['c@deleted:7', `d@${editedMs}`]);
    expect((await aliveIds(disk, path, new Set(['a']))).size).toBe(0);
  });

  it('are not read for no message', async () => {
    const { disk } = await journalOf(both);
    expect((await aliveIds(disk, '/there/is/none', new Set())).size).toBe(0);
  });
});

describe('the messages that were read once more in place of changes', () => {
  const reread = async (journal: StreamJournal): Promise<void> => {
    await journal.page(...changesPage([rawMessage('reported', editedMs)]));
    await journal.refusal({ reason: 'not-allowed', instead: { endpoint: 'groups.messages', sinceMs: postedMs } });
    const early = rawMessage('early', editedMs, { ts: new Date(postedMs - 1).toISOString() });
    const later = rawMessage('later', editedMs, { ts: new Date(postedMs + 1).toISOString() });
    await journal.page(...listPage([early, rawMessage('at once'), later]));
    await journal.hole(sampleHole({ rows: 2 }), readTo(0), nothing);
    await journal.end(readTo(0));
  };

  it('are those of the list, later than the window’s beginning', async () => {
    const { disk, path } = await journalOf(reread);
    const ids = async (sinceMs: number) => (await collect(rereadMessages(disk, path, { sinceMs }))).map(({ id }) => id);
    expect(await ids(postedMs)).toEqual(['later']);
    expect(await ids(postedMs - 1)).toEqual(['at once', 'later']);
  });

  it('are all of a room that is compared, also those before 1970', async () => {
    const { disk, path } = await journalOf((journal) =>
      journal.page(...listPage([rawMessage('m', 0, { ts: '1960-01-01T00:00:00.000Z' })])),
    );
    expect(await collect(rereadMessages(disk, path, { sinceMs: 0 }))).toHaveLength(1);
    expect(await collect(rereadMessages(disk, path, { sinceMs: 1 }))).toHaveLength(0);
  });

  it('have places beside them that could not be read', async () => {
    const { disk, path } = await journalOf(reread);
    expect(await journaledHoles(disk, path)).toEqual([sampleHole({ rows: 2 })]);
  });
});
