import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { transcript } from '../../../../src/cli/commands/reading/transcript.ts';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { publishFixture } from '../../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { runHere } from '../../../support/program/fake-process.ts';
import { messageFixture } from '../../../support/transcripts/message-fixture.ts';

describe('rocketchat-export transcript', () => {
  it('does not say in its help that no page has a script: search.html has one', () =>
    expect(transcript.description).toContain('only search.html has a script'));

  it('warns of a hand-over without a message, and refuses a user whom no row names', () =>
    inTemporaryFolder(async (folder) => {
      await publishFixture(nodeDisk, join(folder, 'archive'), [
        { tables: { messages: { first: [messageFixture('a')] } } },
      ]);
      const run = (...args: readonly string[]) => runHere([transcript.name, 'archive', ...args], { cwd: folder });
      const empty = await run('--output', 'future', '--since', '2099-01-01');
      expect(empty.code).toBe(0);
      expect(empty.stderr).toContain('future: no message of the archive is what was asked for');
      const unknown = await run('--output', 'nope', '--user', 'nope');
      expect(unknown.code).toBe(64);
      expect(unknown.stderr).toContain('Unknown user "nope": no row of the archive has that id or name');
      expect(await nodeDisk.list(folder)).toEqual(['archive', 'future']);
    }));
});
