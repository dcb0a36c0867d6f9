import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { emojiUnicode } from '../../src/tables/emoji-unicode.ts';
import { makeEmojiLines } from '../support/data/make-emoji-lines.ts';

const path = join(import.meta.dirname, '../../src/tables/data/emoji-lines.ts');
if (process.env['REMAKE_EMOJI_LINES']) await writeFile(path, makeEmojiLines());

describe('emojiUnicode', () => {
  it('knows what the library of the clients knows', async () => {
    // One comparison: the difference of two hundred kilobytes helps nobody.
    expect((await readFile(path, 'utf8')) === makeEmojiLines()).toBe(true);
  });

  it.each([
    [':tada:', '🎉'],
    [':+1:', '👍'],
    [':thumbsup:', '👍'],
    [':thumbsup_tone3:', '👍🏽'],
    [':family_mwg:', '👨‍👩‍👧'],
    [':flag_de:', '🇩🇪'],
    [':heart:', '❤️'],
    // From a federated server.
    [':🎉:', '🎉'],
  ])('%s is %s', (name, character) => expect(emojiUnicode(name)).toBe(character));

  it.each([':party_parrot:', ':constructor:', ':1:', '::', ''])('knows nothing of %s', (name) =>
    expect(emojiUnicode(name)).toBeNull(),
  );
});
