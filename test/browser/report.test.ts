import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { writeReport } from '../../src/report/write-report.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { messageFixture } from '../support/transcripts/message-fixture.ts';

const inFolder = temporaryFolder();
let browser: Browser;
let axe: string;

/** Long words, other scripts, many rooms and people, threads: whatever may not fit. */
const rows = Array.from({ length: 600 }, (_, at) =>
  messageFixture(`m${at}`, {
    ...{ ts: new Date(Date.UTC(2025, 0, 1, at * 7)), room_id: `r${at % 40}`, user_id: `u${at % 30}` },
    room_title: at % 40 === 0 ? 'W'.repeat(120) : `נועה-日本-${at % 40}`,
    ...{ username: `user-with-a-long-name-${at % 30}`, user_name: `Someone With Many Names ${at % 30}` },
    ...(at % 10 === 0 ? { thread_count: 3 } : { thread_id: `m${at - (at % 10)}` }),
    reactions: [{ emoji: at % 3 === 0 ? `:${'own'.repeat(30)}:` : ':tada:', count: at, usernames: [] }],
  }),
);

beforeAll(async () => {
  const archive = inFolder('archive');
  const third = (from: number) => ({ tables: { messages: { first: rows.slice(from, from + 200) } }, rowsPerFile: 200 });
  await publishFixture(nodeDisk, archive, [third(0), third(200), third(400)]);
  await writeReport(archive, inFolder('full.html'));
  await publishFixture(nodeDisk, inFolder('empty'), [{ tables: { messages: {} } }]);
  await writeReport(inFolder('empty'), inFolder('empty.html'));
  axe = await readFile(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8');
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});

afterAll(() => browser.close());

describe.each(['full.html', 'empty.html'])('the report %s', (name) => {
  it.each([
    ['on a telephone', 360, 'light', 'screen'],
    ['on a telephone at night', 360, 'dark', 'screen'],
    ['on a desk', 1200, 'light', 'screen'],
    ['on a desk at night', 1200, 'dark', 'screen'],
    ['on paper', 700, 'light', 'print'],
  ] as const)('fits, loads nothing and violates nothing %s', async (_where, width, colorScheme, media) => {
    // Its policy lets no script in, that of the check included.
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      offline: true,
      bypassCSP: true,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(request.url());
    });
    await page.emulateMedia({ media, colorScheme });
    await page.goto(pathToFileURL(inFolder(name)).href);
    expect(await page.evaluate('getComputedStyle(document.querySelector("main")).maxWidth')).not.toBe('');
    if (media === 'screen')
      await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.evaluate(axe);
    const violations = await page.evaluate(
      'axe.run({ resultTypes: ["violations"] }).then((found) => found.violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))',
    );
    expect({ violations, complaints }).toEqual({ violations: [], complaints: [] });
    await context.close();
  });
});

it('the policy of a report lets its own style in', async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(pathToFileURL(inFolder('full.html')).href);
  expect(await page.locator('main').evaluate('getComputedStyle(document.querySelector("main")).maxWidth')).toBe(
    '928px',
  );
  expect(complaints).toEqual([]);
});
