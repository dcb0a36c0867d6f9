import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { conversationLines } from '../../../../src/demo/sample/data/conversation-lines.ts';
import { readConversations } from '../../../../src/demo/sample/conversations.ts';
import { makeDemoData, parseText } from '../../../support/data/make-demo-data.ts';
import { quickOrLong } from '../../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const path = join(import.meta.dirname, '../../../../src/demo/sample/data/conversation-lines.ts');

// After a change of the scripts or of the parser: REMAKE_DEMO_DATA=1 npm test -- conversation-lines
if (process.env['REMAKE_DEMO_DATA']) await writeFile(path, makeDemoData());

describe('conversationLines', () => {
  longIt('is what the generator makes', async () => {
    const shipped = await readFile(path, 'utf8');
    // One boolean: a difference of half a megabyte is no help.
    expect(shipped === makeDemoData()).toBe(true);
  });

  longIt('holds the trees that the real parser makes of the texts', () => {
    for (const { lines } of readConversations()) {
      for (const { text, md } of lines) expect(md).toEqual(parseText(text));
    }
  });

  it('stays small enough to ship', () => expect(Buffer.byteLength(conversationLines)).toBeLessThan(1_200_000));
});
