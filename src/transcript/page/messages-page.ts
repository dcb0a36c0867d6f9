import { html, type Child, type Html } from '../markup/html.ts';
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
  readonly articles: readonly Html[];
}

export function messagesPageText(page: MessagesPage): string {
  const { roomTitle, heading, facts, days } = page;
  const room = html`<bdi>${plainName(roomTitle)}</bdi>`;
  return documentText({
    title: `${plainName(roomTitle)} · ${heading}`,
    root: '../',
    navigation: html`<a href="../START-HERE.html">All rooms</a> <a href="../search.html">Search</a>
      <a href="index.html">${room}</a> <span class="turns">${turning(page)}</span>`,
    main: html`<header class="page">
        <h1>${room}</h1>
        <p class="subtitle">${heading}</p>
        ${facts}
      </header>
      ${days.map(
        ({ day, articles }) =>
          html`<section aria-label="${day}">
            <h2>${day}</h2>
            ${articles}
          </section> `,
      )}
      <footer class="turn">${turning(page)}</footer>`,
  });
}

function turning({ previous, next }: MessagesPage): Child {
  return [
    previous !== undefined && html` <a rel="prev" href="${previous}">← earlier</a>`,
    next !== undefined && html` <a rel="next" href="${next}">later →</a>`,
  ];
}
