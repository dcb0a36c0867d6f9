import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { OutputError } from '../../src/errors.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeTranscript, type TranscriptOptions } from '../../src/transcript/write-transcript.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { faultDisk } from '../support/disk/fault-disk.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { messageFixture } from '../support/transcripts/message-fixture.ts';

const kinds: readonly TranscriptOptions[] = [{ format: 'rsmf' }, { format: 'eml' }, { zip: true }, {}];

it.each(kinds.slice(0, quickOrLong(1, kinds.length)))(
  'leaves nothing half-written, or names it, whenever the disk refuses: %j',
  (options) =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, [{ tables: { messages: { first: [messageFixture('one')] } } }]);
      let named = 0;
      for (let step = 1; ; step += 1) {
        const broken = faultDisk(nodeDisk, 'fails-within', step);
        const notes: string[] = [];
        const output = join(folder, 'written');
        const onNote = (note: string): number => notes.push(note);
        const ended = await writeTranscript(archive, output, { ...options, disk: broken.disk, onNote }).catch(
          (error: unknown) => error,
        );
        if (broken.steps() < step) break;
        const left = (await readdir(folder)).filter((name) => name !== 'archive');
        if (ended instanceof Error) {
          expect(ended).toBeInstanceOf(OutputError);
          expect(left).toEqual([]);
        } else {
          const [written, ...temporary] = left;
          expect(written).toBe('written');
          expect(notes).toEqual(temporary.map((name): unknown => expect.stringContaining(join(folder, name))));
          named += temporary.length;
        }
        for (const name of left) await nodeDisk.remove(join(folder, name));
      }
      expect(named).toBe(1);
    }),
);
