import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { proseOf, textOf } from './documents.ts';

/** The folders of a message's way, in its order, and what they hand to one another. */
const way = [
  ...[
    'pipeline',
    'rocketchat',
    'endpoints',
    'plan',
    'extract',
    'journal',
    'load',
    'transforms',
    'parts',
    'tables',
    'sinks',
  ],
  ...['files', 'record', 'archive', 'model'],
];

const text = proseOf(textOf('docs/architecture.md'));
const sections = text.split(/^## /m).slice(1);
const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(import.meta.dirname, '../../src', folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'));
const linksOf = (section: string): readonly string[] =>
  [...section.matchAll(/\]\(\.\.\/src\/([^)#]+\.ts)\)/g)].map(([, path = '']) => path);
const sectionOf = (folder: string): string => sections.find((section) => section.startsWith(`src/${folder}:`)) ?? '';

describe('the walk in docs/architecture.md', () => {
  it('visits each folder once, in the order of the way', () => {
    expect(sections.flatMap((section) => /^src\/(\w+):/.exec(section)?.[1] ?? [])).toEqual(way);
  });

  it.each(way)('names every file of src/%s, and none that is not there', (folder) => {
    expect(linksOf(sectionOf(folder)).toSorted()).toEqual(filesIn(folder).toSorted());
  });

  it.each(way)('stays in each folder below src/%s until all of its files have been met', (folder) => {
    // What is met on the way, and what lies beside it, are lists of their own.
    const lists = sectionOf(folder).split(/\n(?!- )/);
    const returns = lists.flatMap((list) => {
      const visited = linksOf(list).map((path) => posix.dirname(path));
      const stays = visited.filter((at, index) => at !== visited[index - 1] && at !== folder);
      return stays.filter((at, index) => stays.indexOf(at) !== index);
    });
    expect(returns).toEqual([]);
  });

  it('names no file twice', () => {
    const links = linksOf(text);
    expect(links.filter((path, at) => links.indexOf(path) !== at)).toEqual([]);
  });

  it.each(way)('says what happens in each file of src/%s, in a sentence of its own', (folder) => {
    const bullets = sectionOf(folder)
      .split('\n')
      .filter((line) => line.startsWith('- '));
    expect(bullets.filter((bullet) => linksOf(bullet).length !== 1)).toEqual([]);
    expect(bullets.filter((bullet) => !/^- \[[\w./-]+\]\(\S+\):? \S.{8,}\.$/.test(bullet))).toEqual([]);
    expect(bullets.map(nameAndTarget).filter(({ name, target }) => posix.join('src', folder, name) !== target)).toEqual(
      [],
    );
  });
});

function nameAndTarget(bullet: string): { readonly name: string; readonly target: string } {
  const [, name = '', target = ''] = /^- \[([^\]]+)\]\(\.\.\/([^)]+)\)/.exec(bullet) ?? [];
  return { name, target };
}
