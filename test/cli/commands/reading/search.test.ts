import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { search } from '../../../../src/cli/commands/reading/search.ts';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { publishFixture } from '../../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { runHere } from '../../../support/program/fake-process.ts';
import { messageFixture } from '../../../support/transcripts/message-fixture.ts';

describe('rocketchat-export search', () => {
  it('takes words that begin with - for words, printed the help for "-hello"', () =>
    inTemporaryFolder(async (folder) => {
      await publishFixture(nodeDisk, join(folder, 'archive'), [
        { tables: { messages: { first: [messageFixture('a', { msg: 'hello with --force' })] } } },
      ]);
      const found = async (...words: readonly string[]) => {
        const { code, stdout, stderr } = await runHere([search.name, 'archive', ...words], { cwd: folder });
        return { code, ids: stdout.match(/"messageId":"\w+"/g)?.length ?? 0, stderr };
      };
      for (const words of [['-hello'], ['-hello', 'with'], ['--', '--force'], ['with', '--', '-hello']]) {
        const { code, ids, stderr } = await found('--json', ...words);
        expect({ words, code, ids }).toEqual({ words, code: 0, ids: 1 });
        expect(stderr.includes('a - leaves no word out')).toBe(words.join(' ').includes('-hello'));
      }
      expect(await found('--froce')).toMatchObject({ code: 64, stderr: expect.stringContaining('Unknown option') });
      expect((await runHere([search.name, 'archive', '-h'])).stdout).toContain('Find');
      expect(await runHere(['report', 'a', '--', '-b'])).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('Unexpected argument "-b"'),
      });
    }));

  it('says that it reads one archive, in place of looking for the name of another', () =>
    inTemporaryFolder(async (folder) => {
      const content = [{ tables: { messages: { first: [messageFixture('a', { msg: 'hello' })] } } }];
      for (const name of ['one', 'two']) await publishFixture(nodeDisk, join(folder, name), content);
      expect(await runHere([search.name, 'one', 'two', 'hello'], { cwd: folder })).toMatchObject({
        ...{ code: 64, stderr: expect.stringContaining('Cannot search "one" and "two" together') },
      });
      expect(await runHere(['report', 'one', 'two'], { cwd: folder })).toMatchObject({
        ...{ code: 64, stderr: expect.stringContaining('Unexpected argument "two"') },
      });
    }));
});
