import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { fixtureRow, publishFixture } from '../../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { runHere } from '../../../support/program/fake-process.ts';

it('report says which messages it does not count, of which a transcript of the same archive has more', () =>
  inTemporaryFolder(async (cwd) => {
    const row = fixtureRow('messages', { message_id: 'm', op: 'upsert', run: 1 });
    await publishFixture(nodeDisk, join(cwd, 'a'), [
      { tables: { messages: { first: [row] } }, sinks: [{ format: 'jsonl' } as const] },
    ]);
    const { code, stderr } = await runHere(['report', 'a'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/: 1 message of 1 room, system messages and deleted ones not counted, 1 run; /);
  }));
