import { createHash } from 'node:crypto';
import { html } from '../../transcript/markup/html.ts';
import { activity } from './activity.ts';
import { completenessSection } from './completeness-section.ts';
import { conversationsSection } from './conversations-section.ts';
import { opening } from './opening.ts';
import type { ReportFacts } from './report-facts.ts';
import { reportStyle } from './report-style.ts';
import { peopleSection } from './people-section.ts';
import { reactionsSection } from './reactions-section.ts';
import { roomsSection } from './rooms-section.ts';
import { runsSection } from './runs-section.ts';
import { serverSection } from './server-section.ts';

/** The page may have its own style and nothing else: no script, no picture, nothing from anywhere. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(reportStyle).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** The whole report, one page that needs no other file. The same facts give the same bytes. */
export function reportDocument(facts: ReportFacts): string {
  const sections = [
    { id: 'activity', title: 'Messages', body: activity(facts) },
    { id: 'rooms', title: 'Rooms', body: roomsSection(facts) },
    { id: 'people', title: 'People', body: peopleSection(facts) },
    { id: 'reactions', title: 'Reactions', body: reactionsSection(facts) },
    { id: 'answers', title: 'Answers', body: conversationsSection(facts) },
    { id: 'completeness', title: 'Completeness', body: completenessSection(facts) },
    { id: 'server', title: 'Requests', body: serverSection(facts) },
    { id: 'runs', title: 'Runs', body: runsSection(facts) },
  ].filter(({ body }) => body !== null);
  const { newestRun, newestSha256 } = facts.history;
  const page = html`<title>Report</title>
    </head>
    <body>
      <a class="skip" href="#main">Skip to the content</a>
      <nav aria-label="Sections">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a> `)}</nav>
      <main id="main">
        ${opening(facts)}${sections.map(({ body }) => body)}
        <section id="basis">
          <h2>What this is made of</h2>
          <p>
            Everything here is counted from the archive alone: of each message its newest version, without those that were
            deleted. It proves nothing by itself; the archive does, see <code>verify</code>. The same archive gives the
            same page, byte for byte.
          </p>
          <p class="note">
            ${newestRun.tool.name} ${newestRun.tool.version}. SHA-256 of the newest manifest: <code class="hash">${newestSha256}</code>
          </p>
        </section>
      </main>
    </body>
    </html> `;
  // The style is no text of an archive: it goes in as it is, and the policy names its hash.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="referrer" content="no-referrer" />
<meta name="color-scheme" content="light dark" />
<style>${reportStyle}</style>
${page.source}`;
}
