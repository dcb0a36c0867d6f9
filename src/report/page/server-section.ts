import { html, type Html } from '../../transcript/markup/html.ts';
import { count, counted } from '../../model/text/counted.ts';
import { barTable } from '../charts/bar-table.ts';
import { numbersTable } from '../charts/numbers-table.ts';
import { spanText } from '../charts/span-text.ts';
import type { ReportFacts } from './report-facts.ts';

/** What it cost the server. */
export function serverSection({ history: { endpoints, links } }: ReportFacts): Html {
  const byUse = [...endpoints].sort(([a, x], [b, y]) => y.requests - x.requests || (a < b ? -1 : 1));
  const sum = (value: (link: (typeof links)[number]) => number): number =>
    links.reduce((total, link) => total + value(link), 0);
  const [requests, rateLimited, waitedMs] = [
    sum((link) => link.requests),
    sum((link) => link.rateLimited),
    sum((link) => link.waitedMs),
  ];
  const runs = links.filter(({ kind }) => kind === 'export').length;
  return html`<section id="server">
    <h2>Requests and the rate limit</h2>
    <p>
      ${counted(runs, 'run')} made ${counted(requests, 'request')}.
      ${waitedMs < 1000 ? 'None had to wait for the rate limit' : `They waited ${spanText(waitedMs)} for the rate limit, added up over requests that wait at the same time`};
      the server refused ${rateLimited === 0 ? 'none' : count(rateLimited)} because of it.
    </p>
    <figure>
      ${barTable({
        label: 'Requests by endpoint, all runs',
        columns: ['Endpoint', 'Requests'],
        rows: byUse.map(([name, { requests: value, waitedMs: ms }]) => ({
          name: html`<code>${name}</code>`,
          value,
          ...(ms >= 1000 && { about: `waited ${spanText(ms)}` }),
        })),
      })}
      ${numbersTable({
        caption: 'Requests by endpoint',
        columns: ['Endpoint', 'Runs', 'Requests', 'Sent again', 'Refused (429)', 'Waited'],
        rows: byUse.map(([name, figures]) => [
          html`<code>${name}</code>`,
          count(figures.runs),
          count(figures.requests),
          count(figures.retries),
          count(figures.rateLimited),
          spanText(figures.waitedMs),
        ]),
      })}
    </figure>
  </section>`;
}
