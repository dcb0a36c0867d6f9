import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { textOf } from './documents.ts';
import { errorList } from './program/error-list.ts';
import { expectGenerated, root } from './generated.ts';

it('docs/troubleshooting.md has every error of the sources, in its own words', async () => {
  const list = errorList();
  expect(list).toContain('`Cannot read job file "…": there is no such file`');
  expect(list).toContain('`no such host`: Check the host name in the url.');
  expect(list).toContain('`ENOSPC` (no space left on device, the disk is full): Free some space');
  await expectGenerated('docs/troubleshooting.md', 'errors', list);
});

describe('docs/troubleshooting.md explains', () => {
  const [byHand = ''] = textOf('docs/troubleshooting.md').split('## Every error');
  const words = [...byHand.matchAll(/^- (`.*?): /gm)].flatMap(([, before = '']) =>
    [...before.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
  );
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('demo'))
    .map((path) => readFileSync(join(root, 'src', path), 'utf8'))
    .join('\n');

  it('gaps and errors', () => expect(words.length).toBeGreaterThan(12));

  it.each(words)('%s, which the sources say', (text) => {
    // Statuses are put together: http-504.
    const parts = text.replace(/^http-\d+$/, 'http-').split('…');
    expect(parts.filter((part) => !sources.includes(part))).toEqual([]);
  });
});
