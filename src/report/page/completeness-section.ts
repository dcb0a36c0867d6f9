import { html, type Child, type Html } from '../../transcript/markup/html.ts';
import { leftOutWords, seenRoomsText } from '../../transcript/page/coverage-html.ts';
import { plainName } from '../../transcript/markup/plain-name.ts';
import { count, counted } from '../../model/text/counted.ts';
import { barTable } from '../charts/bar-table.ts';
import type { Manifest } from '../../archive/manifest/manifest.ts';
import type { ReportFacts } from './report-facts.ts';

/** Gaps that are named one by one. */
const mostGaps = 100;

/** Whether all of it is there. */
export function completenessSection({ history }: ReportFacts): Html {
  const { newestRun, checks, links, isPseudonymized } = history;
  const { gaps, notes, run, coverage } = newestRun;
  const holes = links.findLast((link) => link.run === run)?.holes ?? 0;
  const earlier = links.filter((link) => link.gaps > 0 && link.run !== run).length;
  const isWhole = gaps.length === 0 && holes === 0;
  return html`<section id="completeness">
    <h2>Completeness</h2>
    <p class="${isWhole ? 'good' : 'bad'}">
      ${
        isWhole
          ? `Run ${run}, the newest, read all that it set out to read.`
          : `Run ${run}, the newest, could not read everything: ${counted(gaps.length, 'gap')}${holes > 0 ? `, ${counted(holes, 'place')} within lists` : ''}.`
      }
      ${earlier > 0 && `Gaps had ${counted(earlier, 'earlier run')}, too; each run tries again what the ones before it could not read.`}
    </p>
    ${gaps.length > 0 && (isPseudonymized ? gapsByReason(newestRun) : gapList(newestRun))}
    <p>
      All runs together accepted ${counted(checks.pages, 'page')}. Of ${count(checks.overlapsVerified)} it was checked
      that they begin at or before the last message of the one before.
      ${checks.pagesRefetched > 0 && `Beside them came ${counted(checks.pagesRefetched, 'page')} that began too late, because the list had moved, and had to be asked for again.`}
    </p>
    ${coverage !== undefined && roomsTable(coverage.rooms)}
    ${
      notes.length > 0 &&
      (isPseudonymized
        ? html`<p class="note">
            The manifest of run ${run} has ${counted(notes.length, 'note')}, which may name people, and are not shown
            here.
          </p>`
        : html`<h3>Limits of this run</h3>
            <ul>
              ${notes.slice(0, mostGaps).map((note) => html`<li>${plainName(note)}</li>`)}
            </ul>
            ${notes.length > mostGaps && html`<p class="note">${count(notes.length - mostGaps)} more are in its manifest.</p>`}`)
    }
  </section>`;
}

function gapList({ gaps }: Pick<Manifest, 'gaps'>): Html {
  return html`<ul>
      ${gaps.slice(0, mostGaps).map(
        ({ endpoint, room, reason, message }) =>
          html`<li>
            <bdi>${plainName(room.name)}</bdi> (<code>${endpoint}</code>): ${plainName(message)}
            <span class="about">${reason}</span>
          </li> `,
      )}
    </ul>
    ${gaps.length > mostGaps && html`<p class="note">${count(gaps.length - mostGaps)} more are in its manifest.</p>`}`;
}

/** Names of direct rooms are those of people. */
function gapsByReason({ gaps }: Pick<Manifest, 'gaps'>): Html {
  const reasons = new Map<string, number>();
  for (const { endpoint, reason } of gaps)
    reasons.set(`${endpoint}: ${reason}`, (reasons.get(`${endpoint}: ${reason}`) ?? 0) + 1);
  return html`<ul>
    ${[...reasons].map(([reason, count]) => html`<li>${reason} <span class="about">${counted(count, 'gap')}</span></li>`)}
  </ul>`;
}

function roomsTable(rooms: NonNullable<Manifest['coverage']>['rooms']): Child {
  const { read, failed = 0, leftOut: counts, mentions } = rooms;
  const rows: { readonly name: string; readonly value: number; readonly text?: string }[] = [
    { name: mentions?.isAll === true ? 'only mentions of the login read' : 'read', value: read },
    ...(failed > 0 ? [{ name: 'of which nothing could be read: see the gaps', value: failed }] : []),
  ];
  for (const [reason, name] of Object.entries(leftOutWords)) {
    const count = Object.entries(counts).find(([key]) => key === reason)?.[1];
    if (count === null) rows.push({ name, value: 0, text: 'unknown' });
    else if (count !== undefined && count > 0) rows.push({ name, value: count });
  }
  return html`<h3>Rooms on the server</h3>
    <p>${seenRoomsText(rooms)}.</p>
    <figure>
      ${barTable({ label: 'Rooms that the login saw, by what became of them', columns: ['Rooms', 'Number'], rows })}
    </figure>`;
}
