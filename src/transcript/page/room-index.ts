import type { RoomLayout } from '../layout/lay-out.ts';
import { html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';
import type { RoomName } from '../read/names.ts';
import { documentText } from './document.ts';
import type { ZonedTime } from '../text/zoned-time.ts';
import { count, counted } from '../../model/text/counted.ts';

/** The page of a room: what it is, and its months. */
export function roomIndexText(room: RoomLayout, { title, name, type }: RoomName, zone: ZonedTime): string {
  const { roomId, pages, messages, context, people, firstMs, lastMs } = room;
  const shown = html`<bdi>${plainName(title)}</bdi>`;
  return documentText({
    title: plainName(title),
    root: '../',
    navigation: html`<a href="../START-HERE.html">All rooms</a> <a href="../search.html">Search</a>`,
    main: html`<header class="page">
        <h1>${shown}</h1>
        <p class="subtitle">${roomKind(type)}</p>
      </header>
      <dl>
        <dt>Name</dt>
        <dd><bdi>${plainName(name)}</bdi></dd>
        <dt>Id</dt>
        <dd><code>${roomId}</code></dd>
        <dt>Messages</dt>
        <dd>${messages}${context > 0 && html`, ${context} of them shown as context`}</dd>
        <dt>Authors</dt>
        <dd>${count(people)}</dd>
        <dt>First message</dt>
        <dd>${zone.both(firstMs)}</dd>
        <dt>Last message</dt>
        <dd>${zone.both(lastMs)}</dd>
      </dl>
      <h2>Months</h2>
      <ul class="months">
        ${pages.map((page) => html`<li><a href="${page.file}">${pageTitle(page.file)}</a> <span class="fact">${counted(page.messages, 'message')}</span></li>`)}
      </ul>`,
  });
}

const kinds: Readonly<Record<string, string>> = {
  private: 'Private group',
  channel: 'Public channel',
  direct: 'Direct messages',
  livechat: 'Livechat conversation',
  voip: 'Call',
};

export function roomKind(type: string): string {
  return Object.hasOwn(kinds, type) ? (kinds[type] ?? type) : type;
}

/** `2026-03-2.html` as people read it: `2026-03, part 2`. */
export function pageTitle(file: string): string {
  const [, month = file, part] = /^(-?\d+-\d\d)(?:-(\d+))?\.html$/.exec(file) ?? [];
  return part === undefined ? month : `${month}, part ${part}`;
}
