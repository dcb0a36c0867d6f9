import { createRequire } from 'node:module';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeTranscript } from '../../src/transcript/write-transcript.ts';
import { hostileRuns } from '../support/transcripts/hostile-runs.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

const inFolder = temporaryFolder();
const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
let pages: readonly string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  await publishFixture(nodeDisk, inFolder('archive'), hostileRuns());
  await writeTranscript(inFolder('archive'), inFolder('pages'), { zone: 'Europe/Berlin' });
  pages = (await readdir(inFolder('pages'), { recursive: true })).filter((name) => name.endsWith('.html')).sort();
});

afterAll(() => browser.close());

interface Visit {
  readonly page: Page;
  /** What the page tried to load that is no file, and what the browser refused or complained about. */
  readonly complaints: string[];
}

async function visit(path: string, width: number, scheme: 'light' | 'dark' = 'light'): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, offline: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
  await page.goto(pathToFileURL(join(inFolder('pages'), path)).href);
  return { page, complaints };
}

describe('the pages of a hostile workspace', () => {
  it('are there: cover, room, month and thread', () => {
    expect(pages.map((path) => path.replace(/^.*\//, '').replace(/-.*$/, ''))).toEqual(
      expect.arrayContaining(['START', '2026', 'index.html', 'thread']),
    );
  });

  it('run nothing, ask for nothing, and stay where they are', async () => {
    for (const path of pages) {
      const { page, complaints } = await visit(path, 1000);
      await page.waitForTimeout(200);
      expect({ path, complaints }).toEqual({ path, complaints: [] });
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.evaluate('document.scripts.length')).toBe(path === 'search.html' ? 1 : 0);
      expect(page.url()).toMatch(/^file:/);
      await page.context().close();
    }
  });

  it.each([360, 1000])('fit %d pixels, however long a word is', async (width) => {
    for (const path of pages) {
      const { page } = await visit(path, width);
      // What is not on the screen is laid out, and measured, only when it comes there.
      await page.evaluate(
        `document.querySelectorAll('article').forEach((one) => (one.style.contentVisibility = 'visible')); document.querySelectorAll('details').forEach((one) => (one.open = true))`,
      );
      const measured = await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
      expect({ path, measured }).toEqual({ path, measured: [width, width] });
      await page.context().close();
    }
  });

  it.each(['light', 'dark'] as const)('can be read by everybody, in the %s scheme', async (scheme) => {
    for (const path of pages) {
      const { page } = await visit(path, 1000, scheme);
      await page.evaluate(await axeSource);
      const violations: unknown = await page.evaluate(
        `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)).join(' | ')))`,
      );
      expect({ path, violations }).toEqual({ path, violations: [] });
      await page.context().close();
    }
  });

  it('leave what leads elsewhere out of print (regression: it was printed as a box of the search form)', async () => {
    const { page } = await visit(pages.find((path) => path.endsWith('2026-03.html')) ?? '', 800);
    const isShown = async (): Promise<readonly unknown[]> =>
      Promise.all((await page.locator('nav, footer.turn').all()).map((one) => one.isVisible()));
    expect(await isShown()).toContain(true);
    await page.emulateMedia({ media: 'print' });
    expect(await isShown()).not.toContain(true);
    await page.context().close();
  });

  it('show what a message says when its place is linked to', async () => {
    const month = pages.find((path) => path.endsWith('2026-03.html')) ?? '';
    const { page } = await visit(month, 1000);
    expect(await page.locator('article').count()).toBeGreaterThan(20);
    await page.getByRole('link', { name: 'RC-00000001' }).first().click();
    expect(page.url()).toMatch(/#m-message00-/);
    await page.context().close();
  });
});
