import { html, type Html } from '../../transcript/markup/html.ts';
import { bytesText } from '../../transcript/text/bytes-text.ts';
import { count, counted } from '../../model/text/counted.ts';
import { growthArea, type GrowthPoint } from '../charts/growth-area.ts';
import { numbersTable } from '../charts/numbers-table.ts';
import { spanText } from '../charts/span-text.ts';
import type { LinkFigures } from '../figures/run-history.ts';
import type { ReportFacts } from './report-facts.ts';

/** Points of the picture. */
const mostPoints = 400;
/** Runs that are listed one by one. */
const listed = 400;

const words: Readonly<Record<LinkFigures['kind'], string>> = {
  export: 'run',
  compaction: 'compaction',
  purge: 'purge',
  state: 'change of state',
  key: 'change of key',
};

/** How the archive grew. */
export function runsSection({ history: { links }, zone }: ReportFacts): Html {
  const runs = links.filter(({ kind }) => kind === 'export');
  const [first, last] = [links[0], links.at(-1)];
  const slowest = Math.max(0, ...runs.map(lengthMs));
  const bytes = last?.archiveBytes ?? 0;
  const grew =
    first === undefined || links.length === 1
      ? `The archive holds ${bytesText(bytes)}.`
      : `The archive grew from ${bytesText(first.archiveBytes)} to ${bytesText(bytes)} in ${counted(links.length, 'link')} of its chain.`;
  return html`<section id="runs">
    <h2>Growth and runs</h2>
    <p>
      ${grew} ${runs.length === 1 ? 'Its only run' : `The longest of ${counted(runs.length, 'run')}`} took
      ${spanText(slowest)}.
    </p>
    <figure>
      ${
        links.length > 1 &&
        growthArea(
          thinned(links).map((link) => point(link, zone.wallMs(link.finishedMs))),
          bytesText,
          `Size of the archive after each run: ${grew}`,
        )
      }
      ${numbersTable({
        caption: 'Runs, the newest first',
        columns: ['Run', 'What', 'Begun', 'Took', 'Rows', 'Archive', 'Requests', 'Gaps'],
        rows: links
          .slice(-listed)
          .reverse()
          .map((link) => [
            link.run,
            words[link.kind],
            zone.local(link.startedMs),
            spanText(lengthMs(link)),
            link.rows === null ? '–' : count(link.rows),
            bytesText(link.archiveBytes),
            count(link.requests),
            link.gaps + link.holes === 0 ? '0' : html`<strong>${count(link.gaps + link.holes)}</strong>`,
          ]),
        left: links.length - listed,
      })}
    </figure>
  </section>`;
}

function lengthMs({ startedMs, finishedMs }: LinkFigures): number {
  return Math.max(0, finishedMs - startedMs);
}

function point({ archiveBytes }: LinkFigures, atMs: number): GrowthPoint {
  return { atMs, value: archiveBytes };
}

/** The first, the last, and some between. Clocks may have gone back: the picture has the order of the chain's times. */
function thinned(links: readonly LinkFigures[]): readonly LinkFigures[] {
  const step = Math.max(1, Math.ceil(links.length / mostPoints));
  const kept = links.filter((_, at) => at % step === 0 || at === links.length - 1);
  return [...kept].sort((a, b) => a.finishedMs - b.finishedMs);
}
