import { describe, expect, it } from '@jest/globals';
import { OutputError } from '../../../src/errors.ts';
import { writeLeftRows } from '../../../src/load/gone/left-rows.ts';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { sampleStream } from '../../support/plans/sample-stream.ts';
import { loadLab, postedMs, type LoadSetting } from '../../support/runs/load-lab.ts';

const other = sampleStream({ room: sampleRoom({ id: 'r2', name: 'dev' }) });

/** A walk has brought the archived message "m" again, which has rows in no table of this run. */
async function left(setting: LoadSetting = {}, mayHaveReturned = true) {
  const archived = [{ id: 'm', roomId: 'r2' }, { id: 'n' }];
  const lab = await loadLab({ archived, ...setting, plan: { streams: [other] } });
  const { versions } = lab.load;
  versions.walked('mentioned_messages', 'r1', { id: 'm', updatedAt: null }, { wanted: [], unwanted: [] });
  if (mayHaveReturned) versions.noteReturned();
  return { ...lab, unlooked: await writeLeftRows(lab.load) };
}

describe('a message that a walk brought and that has no row any more in a table of earlier runs', () => {
  it('is deleted there, in the room that it was in', async () => {
    const { said, written, unlooked } = await left();
    expect([said(), unlooked]).toEqual([['delete m in messages'], null]);
    expect(written[0]?.[1]).toMatchObject({ roomId: 'r2', roomName: 'dev', ts: new Date(postedMs), deletedAt: null });
  });

  it('is deleted there though nobody knows the room', async () => {
    const { written } = await left({ archived: [{ id: 'm', roomId: 'r9' }] });
    expect(written[0]?.[1]).toMatchObject({ roomId: 'r9', roomName: '', roomTitle: '', roomType: '', run: 2 });
  });

  it('is not deleted there twice', async () =>
    expect((await left({ archived: [{ id: 'm', op: 'delete' }] })).said()).toEqual([]));

  it('is not looked for where no message can have come from elsewhere', async () => {
    const { said, unlooked } = await left({}, false);
    expect([said(), unlooked]).toEqual([[], null]);
  });

  it('stays where the archive does not tell, and says why', async () => {
    const { said, unlooked } = await left({ columns: ['message_id', 'room_id', 'ts', 'run'] });
    expect([said(), unlooked?.kind]).toEqual([[], 'note']);
    expect(unlooked?.message).toContain('"op"');
  });

  it('fails with the disk: a full one is no archive that does not tell', async () => {
    const error: unknown = await left({ isFull: true }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OutputError);
  });
});
