import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeTranscript } from '../../src/transcript/write-transcript.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { evilTexts, hostileRuns } from '../support/transcripts/hostile-runs.ts';
import { messageFixture as message } from '../support/transcripts/message-fixture.ts';

const inFolder = temporaryFolder();
let browser: Browser;
let page: Page;
let complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  await publishFixture(nodeDisk, inFolder('archive'), [
    ...hostileRuns(),
    {
      tables: {
        messages: {
          first: Array.from({ length: 45 }, (_, index) =>
            message(`invoice${index}`, {
              ...{ ts: new Date(Date.UTC(2026, 4, 1, 22, index)), run: 3, msg: `Invoice ${index}: 東京都に行く` },
              ...(index === 7 && { username: 'bo', user_id: 'u2', user_name: 'Bo' }),
            }),
          ),
        },
      },
    },
  ]);
  await writeTranscript(inFolder('archive'), inFolder('pages'), { zone: 'Europe/Berlin' });
});

afterAll(() => browser.close());

async function open(width = 1000, fragment = ''): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, offline: true });
  page = await context.newPage();
  complaints = [];
  page.on('console', (one) => complaints.push(one.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
  await page.goto(`${pathToFileURL(join(inFolder('pages'), 'search.html')).href}${fragment}`);
  await page.locator('#results[aria-busy=false]').waitFor({ state: 'attached' });
}

async function search(words: string): Promise<string> {
  await page.locator('#words').fill(words);
  await page.locator('#results[aria-busy=false]').waitFor({ state: 'attached' });
  return (await page.locator('#status').textContent()) ?? '';
}

describe('the search of a transcript, opened from its folder', () => {
  it('finds a message by its words, and leads to its place', async () => {
    await open();
    expect(await search('three')).toBe('1 message found.');
    expect(await page.locator('#results mark').allTextContents()).toEqual(['three']);
    expect(await page.locator('#results .mark').allTextContents()).toEqual(['edited', 'in an earlier version']);
    await page.locator('#results a').click();
    expect(page.url()).toMatch(/2026-03\.html#m-message31-/);
    expect(await page.locator('article:target').textContent()).toContain('We meet at four');
    await page.goBack();
    await page.getByText('1 message found.').waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows the newest first, twenty at a time, of a room, a person and days of the zone', async () => {
    await open();
    expect(await search('invoice')).toBe('45 messages found, the newest 20 shown.');
    const firsts = page.locator('#results .plain');
    expect(await firsts.first().textContent()).toBe('Invoice 44: 東京都に行く');
    await page.locator('#more').click();
    await page.getByText('the newest 40 shown').waitFor();
    await page.locator('#more').click();
    await page.getByText('45 messages found.').waitFor();
    expect(await page.locator('#more').isHidden()).toBe(true);

    expect(await search('"東京都"')).toBe('The newest 20 messages shown, of at most 45.');
    await page.locator('#person').fill('@bo');
    await page.getByText('1 message found.').waitFor();
    await page.locator('#person').fill('');
    // 22:00 UTC is midnight in Berlin.
    await page.locator('#until').fill('2026-05-01');
    await page.getByText('No message was found.').waitFor();
    await page.locator('#until').fill('2026-05-02');
    await page.getByText('The newest 20').waitFor();
    await page.locator('#room').selectOption({ index: 1 });
    await page.waitForTimeout(100);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('takes nothing that was written or typed for markup', async () => {
    for (const width of [360, 1000]) {
      await open(width, `#words=${encodeURIComponent('<img src=x onerror=window.hacked=1>')}`);
      for (const words of [
        'hacked',
        ...evilTexts.filter((text) => /\w{3}/.test(text)).map((text) => text.replaceAll('\0', '')),
      ]) {
        await search(words);
        expect(await page.evaluate('[window.hacked, document.scripts.length, document.images.length]')).toEqual([
          undefined,
          1,
          0,
        ]);
        expect(await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]')).toEqual([
          width,
          width,
        ]);
      }
      expect(complaints).toEqual([]);
      await page.context().close();
    }
  });

  it('says so when a file of the index is missing', async () => {
    await rm(join(inFolder('pages'), 'search/texts-0-0.js'));
    await open();
    await page.locator('#words').fill('three');
    await page.getByText('The search does not work: The file search/texts-0-0.js cannot be read.').waitFor();
    await page.context().close();
  });
});
