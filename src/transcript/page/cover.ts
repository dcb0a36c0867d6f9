import { nameForId } from '../layout/page-names.ts';
import type { RoomLayout } from '../layout/lay-out.ts';
import { html, type Child, type Html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';
import type { RoomName } from '../read/names.ts';
import { coverageHtml, type LabelledFacts } from './coverage-html.ts';
import { documentText } from './document.ts';
import { requestHtml } from './request-html.ts';
import { roomKind } from './room-index.ts';
import type { ZonedTime } from '../text/zoned-time.ts';
import { count, counted } from '../../model/text/counted.ts';

/** What the first page says. */
interface Cover {
  /** In the order of the page. */
  readonly archives: readonly LabelledFacts[];
  readonly zone: ZonedTime;
  /** In sentences: what the transcript was asked to hold; empty: everything. */
  readonly asked: readonly string[];
  /** In the order of the page. */
  readonly rooms: readonly CoverRoom[];
  readonly people: number;
  /** First and last number that there is in the archive. */
  readonly numbers: { readonly first: string; readonly last: string } | null;
  /** What is not shown, in sentences. */
  readonly notes: readonly string[];
}

interface CoverRoom extends RoomLayout {
  readonly name: RoomName;
}

/** Rooms on a page of the list. */
const roomsPerPage = 500;

/** The first page, and where there are many rooms the pages that continue its list; by file name. */
export function coverPages(cover: Cover): ReadonlyMap<string, string> {
  const { rooms } = cover;
  const parts = Math.max(1, Math.ceil(rooms.length / roomsPerPage));
  const file = (part: number): string => (part === 0 ? 'START-HERE.html' : `rooms-${part + 1}.html`);
  const pages = new Map<string, string>();
  for (let part = 0; part < parts; part++) {
    const list = roomList(rooms.slice(part * roomsPerPage, (part + 1) * roomsPerPage), cover.zone);
    const next = part + 1 < parts && html`<p><a rel="next" href="${file(part + 1)}">More rooms →</a></p>`;
    const main =
      part === 0
        ? html`${opening(cover)}${list}${next}${proof(cover)}`
        : html`<h1>Rooms, part ${part + 1}</h1>
            ${list}${next}`;
    const navigation =
      part === 0
        ? html`<a href="search.html">Search</a> <a href="#rooms">Rooms</a> <a href="#coverage">Coverage</a>
            <a href="#proof">Proof</a>`
        : html`<a href="START-HERE.html">All rooms</a> <a href="search.html">Search</a>`;
    pages.set(
      file(part),
      documentText({ title: part === 0 ? 'Transcript' : `Rooms, part ${part + 1}`, root: '', navigation, main }),
    );
  }
  return pages;
}

function opening(cover: Cover): Html {
  const { archives, zone, asked, rooms, people, numbers, notes } = cover;
  const servers = [...new Set(archives.flatMap(({ facts }) => facts.servers))];
  const logins = [...new Set(archives.flatMap(({ facts }) => facts.logins))];
  const messages = rooms.reduce((sum, room) => sum + room.messages, 0);
  const firstMs = Math.min(...rooms.map((room) => room.firstMs));
  const lastMs = Math.max(...rooms.map((room) => room.lastMs));
  const runs = archives.flatMap(({ facts }) => facts.links.filter(({ kind }) => kind === 'export'));
  const begun = runs.map(({ startedAt }) => Date.parse(startedAt)).sort((a, b) => a - b);
  const [first] = begun;
  const last = begun.at(-1);
  return html`<header class="page cover">
      <h1>Transcript</h1>
      <p class="subtitle">${servers.at(-1)}</p>
    </header>
    <ul class="figures">
      <li><b>${count(messages)}</b> ${messages === 1 ? 'message' : 'messages'}</li>
      <li><b>${count(rooms.length)}</b> ${rooms.length === 1 ? 'room' : 'rooms'}</li>
      <li><b>${count(people)}</b> ${people === 1 ? 'author' : 'authors'}</li>
    </ul>
    <p class="note">
      These figures count all that the pages show, also deleted messages, system messages (somebody joined, a topic was
      changed) and bots. A report counts no deleted and no system messages, and no bots among people.
    </p>
    <dl>
      <dt>Period</dt>
      <dd>${messages === 0 ? 'no message' : html`${zone.both(firstMs)} to ${zone.both(lastMs)}`}</dd>
      <dt>Asked for</dt>
      <dd>
        ${asked.length === 0 ? `everything in the ${archives.length === 1 ? 'archive' : 'archives'}` : asked.map((one, at) => [at > 0 ? html`<br />` : null, one])}
      </dd>
      <dt>Read from</dt>
      <dd>${servers.map((server) => html`<bdi>${server}</bdi> `)}</dd>
      <dt>With the login</dt>
      <dd>${logins.map((login) => html`<bdi>${plainName(login)}</bdi> `)}</dd>
      <dt>Read at</dt>
      <dd>
        ${first !== undefined && html`${zone.both(first)}${last !== undefined && runs.length > 1 && html`, last ${zone.both(last)}`}; ${counted(runs.length, 'run')}`}
      </dd>
      ${archives.map(jobHtml)}
      <dt>Numbers</dt>
      <dd>
        ${numbers === null ? 'none' : html`${numbers.first} to ${numbers.last} in the whole ${archives.length === 1 ? 'archive' : 'workspace'}`}.
        Each message has one, given in the order in which the runs found them: an older message that was found later has
        a greater number. What is left out here keeps its
        number.${archives.length > 1 && ' Those of a shard are as many apart as there are shards: a transcript of it alone counts them one by one.'}
      </dd>
      <dt>Times</dt>
      <dd>${zone.isUtc ? 'UTC' : html`${zone.zone} and UTC`}. Days and months begin at midnight in ${zone.zone}.</dd>
    </dl>
    ${notes.map((note) => html`<p class="note">${note}</p>`)}
    <h2 id="rooms">Rooms</h2>
    <p class="note">Rooms in which there is no message have no page, and are not listed.</p>`;
}

/** What was asked for by the newest run of an archive. */
function jobHtml({ label, facts: { newestRun } }: LabelledFacts): Html {
  const { job, request, tool } = newestRun;
  return html`<dt>Job${label !== null && ` of ${label}`}</dt>
    <dd><bdi>${plainName(job.name)}</bdi>, SHA-256 <code class="hash">${job.sha256}</code></dd>
    ${requestHtml(request)}
    <dt>Made by</dt>
    <dd>${tool.name} ${tool.version}</dd>`;
}

function roomList(rooms: readonly CoverRoom[], zone: ZonedTime): Child {
  if (rooms.length === 0) return html`<p>No room has a message that was asked for.</p>`;
  return html`<div class="wide" tabindex="0" role="group" aria-label="Rooms">
    <table class="rooms">
      <thead>
        <tr>
          <th scope="col">Room</th>
          <th scope="col">Kind</th>
          <th scope="col" class="count">Messages</th>
          <th scope="col" class="count">Authors</th>
          <th scope="col">First</th>
          <th scope="col">Last</th>
        </tr>
      </thead>
      <tbody>
        ${rooms.map(
          ({ roomId, name, messages, people, firstMs, lastMs }) =>
            html`<tr>
              <th scope="row">
                <a href="${nameForId(roomId)}/index.html"><bdi>${plainName(name.title)}</bdi></a>
              </th>
              <td>${roomKind(name.type)}</td>
              <td class="count">${count(messages)}</td>
              <td class="count">${count(people)}</td>
              <td class="day">${zone.day(firstMs)}</td>
              <td class="day">${zone.day(lastMs)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

/** Links of the chain that are listed one by one. */
const mostLinks = 200;

function proof({ archives, zone }: Cover): Html {
  const isOne = archives.length === 1;
  return html`${coverageHtml(archives)}
    <h2 id="proof">Proof</h2>
    <p>
      These pages are made from the
      ${isOne ? 'archive alone and prove nothing by themselves. The archive does: each of its' : 'archives alone and prove nothing by themselves. The archives do: each of their'}
      manifests holds the SHA-256 of every file of a run and of the manifest before it.
    </p>
    <dl>${archives.map(hashesHtml)}</dl>
    <p>
      Whoever can write the whole folder can write another chain: compare the first of
      ${isOne ? 'these with a copy that was kept elsewhere. Then check the archive, in its folder:' : 'these of each archive with a copy that was kept elsewhere. Then check each archive, in its folder:'}
    </p>
    <pre tabindex="0"><code dir="ltr">sha256sum --strict -c _manifest/SHA256SUMS
rocketchat-export verify .</code></pre>
    <p>
      The same ${isOne ? 'archive gives' : 'archives give'} the same pages, byte for byte: make them again, and compare.
    </p>
    <h2>Runs</h2>
    ${archives.map(({ label, facts }) => [label !== null && html`<h3>${label}</h3>`, runsHtml(facts, zone)])}`;
}

function hashesHtml({ label, facts: { newestLink, sumsSha256 } }: LabelledFacts): Html {
  return html`<dt>Newest manifest (run ${newestLink.run}${label !== null && ` of ${label}`})</dt>
    <dd><code class="hash">${newestLink.sha256}</code></dd>
    ${
      sumsSha256 === null
        ? null
        : html`<dt>_manifest/SHA256SUMS</dt>
            <dd><code class="hash">${sumsSha256}</code></dd>`
    }`;
}

function runsHtml({ links }: LabelledFacts['facts'], zone: ZonedTime): Html {
  const shown = links.slice(-mostLinks).reverse();
  const left = links.length - shown.length;
  return html`<div class="wide" tabindex="0" role="group" aria-label="Runs">
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">What</th>
            <th scope="col">Begun</th>
            <th scope="col" class="count">Rows of messages</th>
            <th scope="col" class="count">Gaps</th>
            <th scope="col">SHA-256 of its manifest</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            ({ run, kind, startedAt, rows, gaps, sha256 }) =>
              html`<tr>
                <th scope="row">${run}</th>
                <td>${kind}</td>
                <td class="day">${zone.both(Date.parse(startedAt))}</td>
                <td class="count">${rows === null ? null : count(rows)}</td>
                <td class="count">${count(gaps)}</td>
                <td><code class="hash">${sha256}</code></td>
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${left > 0 && html`<p class="note">${left} earlier links are not listed: see _manifest.</p>`}`;
}
