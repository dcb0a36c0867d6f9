import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { documents, proseOf } from './documents.ts';
import { root } from './generated.ts';

const links = Object.entries(documents).flatMap(([path, text]) =>
  [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ path, target })),
);

describe('links of the documents', () => {
  it('are there', () => expect(links.length).toBeGreaterThan(30));

  it.each(Object.entries(documents))('stand once in a table of contents: %s', (_, text) => {
    const entries = [...text.matchAll(/^- \[[^\]]*\]\(#[^)]+\)$/gm)].map(([entry]) => entry);
    expect(entries).toEqual([...new Set(entries)]);
  });

  const leadsNowhere = (path: string, target: string): boolean => {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : relative(root, join(root, dirname(path), file));
    if (linked.startsWith('..') || !existsSync(join(root, linked))) return true;
    if (anchor === undefined) return false;
    return !statSync(join(root, linked)).isFile() || !anchorsOf(documents[linked] ?? '').includes(anchor);
  };

  it.each(Object.keys(documents))('lead to what is there, and to a heading of it: %s', (from) => {
    const own = links.filter(({ path, target }) => path === from && !/^https?:/.test(target));
    expect(own.filter(({ path, target }) => leadsNowhere(path, target))).toEqual([]);
  });
});

describe('files that the documents name', () => {
  const named = Object.entries(documents).flatMap(([path, text]) =>
    [...text.matchAll(/`((?:src|test|docs|\.config|\.ci)\/[\w./-]*)`/g)].map(([, file = '']) => ({ path, file })),
  );

  it('are there', () => expect(named.length).toBeGreaterThan(20));

  it('can be opened', () => expect(named.filter(({ file }) => !existsSync(join(root, file)))).toEqual([]));
});

/** As GitHub names headings: lower case, no signs but `-` and `_`, a hyphen for each space. */
function anchorsOf(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
