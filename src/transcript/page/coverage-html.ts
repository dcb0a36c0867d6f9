import type { Coverage } from '../../archive/manifest/coverage.ts';
import type { ManifestGap } from '../../archive/manifest/manifest.ts';
import { html, type Child, type Html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';
import { count, counted } from '../../model/text/counted.ts';
import type { ArchiveFacts } from '../read/archive-facts.ts';
import type { ArchivePart } from '../read/archive-parts.ts';

/** What a chain says, and which of several archives it is. */
export type LabelledFacts = Pick<ArchivePart, 'facts' | 'label'>;

/** Gaps that are named one by one. */
const mostGaps = 200;

/** What the archive does not have, in words, as the newest run knows it. */
export function coverageHtml(archives: readonly LabelledFacts[]): Html {
  return html`<h2 id="coverage">Coverage</h2>
    ${archives.map(({ label, facts }) => [label !== null && html`<h3>${label}</h3>`, coverageOf(facts)])}
    <p>
      A run reads what is there at its time. What was written and deleted, or edited twice, between two runs is known
      only where the server kept it.
    </p>`;
}

function coverageOf({ newestRun, links }: ArchiveFacts): Html {
  const { gaps, notes, coverage, run, steps } = newestRun;
  const earlier = links.filter((link) => link.gaps > 0 && link.run !== run).length;
  return html`<p>
      ${gaps.length === 0 ? `Run ${run}, the newest, read all that it set out to read.` : `Run ${run}, the newest, could not read everything: ${counted(gaps.length, 'gap')}.`}${earlier > 0 && ` Gaps had ${counted(earlier, 'earlier run')}, too; each run tries again what the ones before it could not read.`}
    </p>
    ${
      gaps.length > 0 &&
      html`<ul>
        ${gaps.slice(0, mostGaps).map(gapItem)}
      </ul>`
    }${gaps.length > mostGaps && html`<p class="note">${count(gaps.length - mostGaps)} more are in the manifest.</p>`}
    ${coverage === undefined ? html`<p>How many rooms there were beside those that were read, this run did not record.</p>` : roomsHtml(coverage)}
    ${steps.length > 0 && html`<p>Before messages became rows, the job changed them: ${steps.map(({ step, dropped }, at) => [at > 0 ? '; ' : null, html`<code>${step}</code>`, dropped > 0 && ` (${count(dropped)} messages left out by run ${run})`])}.</p>`}
    ${
      notes.length > 0 &&
      html`<p>Limits of this run:</p>
        <ul>
          ${notes.map((note) => html`<li>${note}</li>`)}
        </ul>`
    }
    ${
      (coverage?.incomplete ?? []).length > 0 &&
      html`<p>Parts of the archive that began later than others:</p>
        <ul>
          ${(coverage?.incomplete ?? []).map(({ table, because }) => html`<li><code>${table}</code>: ${because}</li>`)}
        </ul>`
    }`;
}

function gapItem({ endpoint, room, reason, message }: ManifestGap): Html {
  return html`<li>
    <bdi>${plainName(room.name)}</bdi> (<code>${endpoint}</code>): ${message} <span class="fact">${reason}</span>
  </li>`;
}

/** Why rooms were left out, as it is said behind them: `2 rooms that the login is banned from`. */
export const leftOutWords: Readonly<Record<string, string>> = {
  'no-entry': 'named by no entry of the job',
  'kind-not-asked': 'of a kind that the job does not ask for',
  'not-joined': 'that the login has not joined',
  invited: 'that the login was invited to and has not joined',
  banned: 'that the login is banned from',
  refused: 'that the server does not let the login read',
  gone: 'gone from the server',
};

/** Beside the rooms of the login, others are known: how many depends on what the job asks for. */
export function seenRoomsText({ seen, joined = seen }: Coverage['rooms']): string {
  return joined === seen
    ? `The login saw ${counted(seen, 'room')}`
    : `The login has ${counted(joined, 'room')} in its lists, and with others that are known there are ${count(seen)}`;
}

function roomsHtml({ rooms, encryptedMessages, filesNotDownloaded }: Coverage): Child {
  const leftOut = Object.entries(rooms.leftOut).filter(([, count]) => count !== 0);
  return html`<p>
      ${seenRoomsText(rooms)}, of which ${count(rooms.read)} were
      read${rooms.mentions?.isAll === true && ', no more than the messages in them that mention it'}.${(rooms.failed ?? 0) > 0 && ` Of ${counted(rooms.failed ?? 0, 'room')} nothing could be read: see the gaps.`}${encryptedMessages > 0 && ` End-to-end encrypted in the newest run: ${counted(encryptedMessages, 'message')}.`}${filesNotDownloaded > 0 && ` Not downloaded: ${counted(filesNotDownloaded, 'file')} of its messages.`}
    </p>
    ${
      leftOut.length > 0 &&
      html`<p>Not read:</p>
        <ul>
          ${leftOut.map(([reason, count]) => html`<li>${count === null ? 'An unknown number of rooms' : counted(count, 'room')} ${leftOutWords[reason] ?? reason}</li>`)}
        </ul>`
    }`;
}
