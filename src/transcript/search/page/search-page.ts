// What runs in search.html: the one script of a transcript. search-script.ts is made of it.
import { dayMs } from '../../../model/time/durations.ts';
import { plainName } from '../../markup/plain-name.ts';
import { count } from '../../../model/text/counted.ts';
import { ZonedTime } from '../../text/zoned-time.ts';
import { excerptOf } from '../engine/excerpt.ts';
import { findMessages, type FoundMessages } from '../engine/find-messages.ts';
import { placeOf, type IndexDirectory, type IndexedMessage } from '../engine/index-shape.ts';
import { parseQuery, type SearchQuery } from '../engine/search-query.ts';
import type { PageDocument, PageElement, PageLocation } from './page-elements.ts';
import { ScriptShards } from './script-shards.ts';

declare const document: PageDocument;
declare const location: PageLocation;

/** Messages that are shown at a time. */
const perPage = 20;

const fields = ['words', 'room', 'person', 'since', 'until'] as const;

function element(id: string): PageElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no "${id}".`);
  return found;
}

function make(tag: string, properties: Partial<PageElement>, ...children: (PageElement | string)[]): PageElement {
  const made = document.createElement(tag);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

const [form, status, results, more] = [element('search'), element('status'), element('results'), element('more')];
const shards = new ScriptShards(document, globalThis);

void start().catch(report);

async function start(): Promise<void> {
  const directory = await shards.directory();
  const zone = new ZonedTime(directory.zone);
  const page = new SearchPage(directory, zone);
  const rooms = [...directory.rooms].sort((a, b) => (a[2].toLowerCase() < b[2].toLowerCase() ? -1 : 1));
  element('room').append(...rooms.map(([id, , title]) => make('option', { value: id }, plainName(title))));
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const field of fields) element(field).value = asked.get(field) ?? '';
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    page.search();
  });
  for (const field of fields) element(field).addEventListener('input', () => page.search());
  more.addEventListener('click', () => page.showMore());
  page.search();
  element('words').focus();
}

class SearchPage {
  readonly #directory: IndexDirectory;
  readonly #zone: ZonedTime;
  /** Counts searches: what an earlier one finds is not shown any more. */
  #turn = 0;
  #query: SearchQuery | undefined;
  #found: FoundMessages | undefined;
  #shown = 0;

  constructor(directory: IndexDirectory, zone: ZonedTime) {
    this.#directory = directory;
    this.#zone = zone;
  }

  search(): void {
    void this.#search().catch(report);
  }

  showMore(): void {
    void this.#show(this.#turn).catch(report);
  }

  async #search(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    results.ariaBusy = 'true';
    const [words = '', room = '', person = '', since = '', until = ''] = fields.map((field) => element(field).value);
    remember([words, room, person, since, until]);
    const ms = (day: string): number => this.#zone.midnight(Date.parse(day));
    this.#query = parseQuery(words, {
      ...(room !== '' && { roomIds: [room] }),
      ...(person.trim() !== '' && { users: [person.trim().replace(/^@/, '')] }),
      ...(since !== '' && { sinceMs: ms(since) }),
      // The day itself is meant, too.
      ...(until !== '' && { untilMs: this.#zone.midnight(Date.parse(until) + dayMs) }),
    });
    this.#found = this.#query && (await findMessages(this.#directory, shards, this.#query));
    if (turn !== this.#turn) return;
    results.replaceChildren();
    this.#shown = 0;
    more.hidden = true;
    await this.#show(turn);
  }

  async #show(turn: number): Promise<void> {
    const [query, found] = [this.#query, this.#found];
    if (query === undefined || found === undefined) {
      status.textContent = `${count(this.#directory.messages)} messages can be searched.`;
      results.ariaBusy = 'false';
      return;
    }
    const items: PageElement[] = [];
    let isEnd = false;
    while (items.length < perPage && !isEnd) {
      const next = await found.messages.next();
      if (turn !== this.#turn) return;
      if (next.done === true) isEnd = true;
      else items.push(this.#item(next.value, query));
    }
    results.append(...items);
    this.#shown += items.length;
    isEnd ||= found.isExact && this.#shown === found.most;
    more.hidden = isEnd;
    status.textContent = sentence(this.#shown, isEnd, found);
    results.ariaBusy = 'false';
  }

  #item(message: IndexedMessage, query: SearchQuery): PageElement {
    const [, , , number, room, , username, author, sentMs, state] = message;
    const { rooms, prefix } = this.#directory;
    const title = rooms[room]?.[2] ?? '';
    const { pieces, isEarlier } = excerptOf(message, query);
    const by = make(
      'p',
      { className: 'by' },
      make('strong', { className: 'author' }, make('bdi', {}, plainName(author))),
    );
    if (username !== '' && username !== author) {
      by.append(' ', make('span', { className: 'username' }, '@', make('bdi', {}, plainName(username))));
    }
    by.append(' in ', make('bdi', {}, plainName(title)));
    for (const mark of [state, isEarlier ? 'in an earlier version' : '']) {
      if (mark !== '') by.append(' ', make('span', { className: 'mark' }, mark));
    }
    const text = make('p', { className: 'plain', dir: 'auto' });
    text.append(...pieces.map((piece) => (piece.isFound ? make('mark', {}, piece.text) : piece.text)));
    return make(
      'li',
      { className: state === 'deleted' ? 'message deleted' : 'message' },
      make(
        'div',
        { className: 'meta' },
        make(
          'a',
          { className: 'number', href: placeOf(message, this.#directory) },
          `${prefix}-${String(number).padStart(8, '0')}`,
        ),
        ...(this.#zone.isUtc ? [] : [make('span', { className: 'local' }, this.#zone.local(sentMs))]),
        make('time', { dateTime: new Date(sentMs).toISOString() }, this.#zone.utc(sentMs)),
      ),
      make('div', { className: 'body' }, by, text),
    );
  }
}

function sentence(shown: number, isEnd: boolean, { most, isExact, isCapped }: FoundMessages): string {
  const total = isExact ? most : shown;
  const messages = (amount: number): string => `${count(amount)} ${amount === 1 ? 'message' : 'messages'}`;
  const found =
    isEnd || isExact
      ? total === 0
        ? 'No message was found.'
        : `${messages(total)} found${shown < total ? `, the newest ${shown} shown` : ''}.`
      : `The newest ${messages(shown)} shown, of at most ${count(most)}.`;
  return isCapped ? `${found} There may be more: too many words begin like this.` : found;
}

/** Keeps what is asked in the address: whoever comes back from a message, or keeps the address, finds it again. */
function remember(values: readonly string[]): void {
  const asked = new URLSearchParams();
  for (const [at, field] of fields.entries()) if (values[at]) asked.set(field, values[at]);
  location.replace(`#${asked.toString()}`);
}

function report(error: unknown): void {
  status.textContent = `The search does not work: ${error instanceof Error ? error.message : String(error)}`;
}
