import { html, type Child } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';
import { documentText } from './document.ts';

/** A page of messages: of a month of a room, or of a thread. */
interface MessagesPage {
  readonly roomTitle: string;
  /** `March 2026`, `Thread RC-00000012`; with its part, where there are several. */
  readonly heading: string;
  /** About all of it: the zone, what it is a part of. */
  readonly facts: Child;
  readonly days: readonly DayOnPage[];
  readonly previous: string | undefined;
  readonly next: string | undefined;
}

export interface DayOnPage {
  readonly day: string;
  /** Each in UTF-8. */
  readonly articles: readonly Buffer[];
}

/** Where messages go: texts cannot hold it, see `html`. */
const gap = html`<!-- messages -->`;

/** The page in UTF-8. Its messages are not put into one text before: of half a megabyte that takes long, and memory. */
export function messagesPage(page: MessagesPage): Buffer {
  const { roomTitle, heading, facts, days } = page;
  const room = html`<bdi>${plainName(roomTitle)}</bdi>`;
  const [before = '', behind = ''] = documentText({
    title: `${plainName(roomTitle)} · ${heading}`,
    root: '../',
    navigation: html`<a href="../START-HERE.html">All rooms</a> <a href="../search.html">Search</a>
      <a href="index.html">${room}</a> <span class="turns">${turning(page)}</span>`,
    main: html`<header class="page">
        <h1>${room}</h1>
        <p class="subtitle">${heading}</p>
        ${facts}
      </header>
      ${gap}
      <footer class="turn">${turning(page)}</footer>`,
  }).split(gap.source);
  return Buffer.concat([Buffer.from(before), ...days.flatMap(sectionOf), Buffer.from(behind)]);
}

function sectionOf({ day, articles }: DayOnPage): readonly Buffer[] {
  const [before = '', behind = ''] = html`<section aria-label="${day}">
    <h2>${day}</h2>
    ${gap}
  </section> `.source.split(gap.source);
  return [Buffer.from(before), ...articles, Buffer.from(behind)];
}

function turning({ previous, next }: MessagesPage): Child {
  return [
    previous !== undefined && html` <a rel="prev" href="${previous}">← earlier</a>`,
    next !== undefined && html` <a rel="next" href="${next}">later →</a>`,
  ];
}
