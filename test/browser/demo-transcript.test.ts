import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { loadJob } from '../../src/job/load-job.ts';
import { jobsFolder } from '../../src/jobs-folder.ts';
import { runJob } from '../../src/pipeline.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { here } from '../support/runs/run-here.ts';

const inFolder = temporaryFolder();
let browser: Browser;
let page: Page;
const complaints: string[] = [];
/** Where `demo` says that its transcript is. */
const folder = (): string => inFolder('output/demo/_view/transcript');

beforeAll(async () => {
  const server = await serveWorkspace(createSampleWorkspace());
  try {
    const env = {
      ROCKETCHAT_URL: server.url,
      ROCKETCHAT_USER_ID: sampleLogin.userId,
      ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
    };
    await runJob(await loadJob(join(jobsFolder, 'demo.yaml'), env, inFolder('')), here);
  } finally {
    await server.close();
  }
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  page = await (await browser.newContext({ viewport: { width: 360, height: 800 }, offline: true })).newPage();
  page.on('console', (message) => complaints.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${String(error)}`));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
});

afterAll(() => browser.close());

const open = (path: string): Promise<unknown> => page.goto(pathToFileURL(join(folder(), path)).href);

describe('the transcript of the demo, on a telephone without a network', () => {
  it('has pages that all fit, load nothing and violate nothing', async () => {
    const names = await readdir(folder(), { recursive: true });
    const paths = names.filter((name) => name.endsWith('.html')).sort();
    expect(paths.length).toBeGreaterThan(100);
    const tooWide: string[] = [];
    for (const path of paths) {
      await open(path);
      // What is not on the screen is laid out, and measured, only when it comes there.
      const width = await page.evaluate(
        `document.querySelectorAll('article').forEach((one) => (one.style.contentVisibility = 'visible')); document.querySelectorAll('details').forEach((one) => (one.open = true)); document.documentElement.scrollWidth`,
      );
      if (width !== 360) tooWide.push(`${path}: ${String(width)}`);
    }
    expect({ tooWide, complaints }).toEqual({ tooWide: [], complaints: [] });
  });

  it('leads from its first page to a message by search', async () => {
    await open('START-HERE.html');
    await page.getByRole('link', { name: 'Search' }).click();
    await page.locator('#words').fill('"rollout undo"');
    await page.locator('#results a').first().click();
    expect(await page.locator('article:target').textContent()).toContain('kubectl rollout undo');
    expect(complaints).toEqual([]);
  });
});
