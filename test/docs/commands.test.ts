import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commonOptions } from '../../src/cli/arguments/parser.ts';
import { commands } from '../../src/cli/commands.ts';
import { argumentsProblem } from './program/arguments-problem.ts';
import { documents } from './documents.ts';
import { root } from './generated.ts';

const names = commands.map(({ name }) => name);

/** A word of a shell, or of a list in YAML: quoted or not. */
const word = /'[^']*'|"[^"]*"|[^\s'"`]+/g;

/** Words of shells and of lists around a command, and what ends it. */
function wordsOf(text: string): readonly string[] {
  const [command = ''] = text.split(/ #| \| | && | > |\n/);
  const words = command.startsWith(', ') ? command.replaceAll(/[,\]]/g, ' ') : command;
  return [...words.matchAll(word)].map(([found]) => found.replaceAll(/^['"]|['"]$/g, ''));
}

/** The documents without what is made of error texts, which begin with commands, too. */
const written = Object.entries(documents).map(
  ([path, text]) => [path, text.replace(/<!-- errors.*<!-- \/errors -->/s, '')] as const,
);

const shown = written.flatMap(([path, text]) =>
  [
    // In a block, a unit, a list of arguments or between backticks.
    ...[...text.matchAll(/(?:^\$ |=|; |&& |`|\[)rocketchat-export((?:,? )[^`\n]*)/gm)].map(([, rest = '']) => rest),
    // Between backticks without the program's name.
    ...[...text.matchAll(new RegExp(`\`((?:${names.join('|')}) [^\`\\n]*--[^\`\\n]*)\``, 'g'))].map(
      ([, rest = '']) => rest,
    ),
  ].map((rest) => ({ path, words: wordsOf(rest) })),
);

describe('commands in the documents', () => {
  it('are there', () => {
    expect(new Set(shown.map(({ words }) => words[0]))).toEqual(new Set(names));
  });

  it.each(shown)('$path: $words', async ({ words }) => {
    expect(await argumentsProblem(words)).toBeUndefined();
  });

  const options = new Set(
    [{ help: true, version: true }, commonOptions, ...commands.map((command) => command.options)].flatMap((map) =>
      Object.keys(map),
    ),
  );
  const named = written.flatMap(([path, text]) =>
    [...text.matchAll(/`--([a-z-]+)(?: [^`]*)?`/g)].map(([, option = '']) => ({ path, option })),
  );

  it.each(named)('$path: --$option is an option', ({ option }) => expect([...options]).toContain(option));

  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const scripted = written.flatMap(([path, text]) =>
    [...text.matchAll(/npm (?:run )?(?:--silent )?(test|[a-z:\d]+)(?: -- ([^`\n#]*))?/g)].flatMap(
      ([whole, script = '', rest = '']) => (/^npm (run|test)/.test(whole) ? [{ path, script, rest }] : []),
    ),
  );

  it.each(scripted)('$path: npm run $script -- $rest', ({ script, rest }) => {
    expect(Object.keys(scripts)).toContain(script);
    if (script !== 'test') return;
    for (const path of rest.split(' ').filter((name) => name !== ''))
      expect([path, `${path}.test.ts`].some((name) => existsSync(join(root, name)))).toBe(true);
  });
});
