import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const source = join(import.meta.dirname, '../../../src');

/** What the program loads before it knows its command: every static import from `bin.ts` on, types left out. */
function loadedAtStart(): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [join(source, 'bin.ts')];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(
      /^(?:import|export)(?! type)(?:[^';]* from)? '([^']+)'/gm,
    )) {
      if (specifier.startsWith('.')) open.push(join(dirname(path), specifier));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  }
  return { files: new Set([...files].map((path) => relative(source, path))), packages };
}

describe('the start of the program', () => {
  it('loads yargs and the words of the commands, and nothing that only one command needs', () => {
    const { files, packages } = loadedAtStart();
    // yargs imports string-width for itself, of the same version: it is loaded once.
    expect([...packages].sort()).toEqual(['string-width', 'yargs']);
    expect([...files]).toEqual(expect.arrayContaining(['bin.ts', 'cli/commands/run.ts', 'model/text/nearest.ts']));
    const small =
      /^(cli\/|endpoints\/|shell-word|model\/(json|run|text|time)\/|plan\/shard\/shard-note|job\/schema\/timestamp|preview\/limit-time|record\/(gap-hints|no-rooms-note)|model\/(stream|table-name)|schedule\/scheduled-job|system\/(clock|disk-errors|grow-heap-slowly|load-threads|this-process|process-start-id)|omit-undefined|bin|errors|server-url|version)/;
    expect([...files].filter((name) => !small.test(name))).toEqual([]);
  });
});
