import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** The data of the library by which the server's own clients show reactions. Source: apps/meteor/client/lib/emoji */
const path = createRequire(import.meta.url).resolve('emoji-toolkit/emoji.json');

const emoji = z.record(
  z.string(),
  z.object({
    shortname: z.string(),
    shortname_alternates: z.array(z.string()),
    code_points: z.object({ fully_qualified: z.string() }),
  }),
);

/** The text of src/tables/data/emoji-lines.ts. */
export function makeEmojiLines(): string {
  const lines = Object.values(emoji.parse(JSON.parse(readFileSync(path, 'utf8')))).map(
    ({ shortname, shortname_alternates: others, code_points: { fully_qualified: codePoints } }) =>
      [codePoints, ...[shortname, ...others].map((code) => code.slice(1, -1))].join(' '),
  );
  return [
    '// Made by test/support/data/make-emoji-lines.ts from emoji-toolkit (MIT); not edited by hand.',
    '// One emoji a line: its code points in hex, then its short codes.',
    `export const emojiLines: string = \`\n${lines.join('\n')}\n\`;`,
    '',
  ].join('\n');
}
