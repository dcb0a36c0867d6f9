import type { HistoryRequest } from '../../../src/extract/history/history-step.ts';
import type { ListPage, PageRequest, RowsPage, UnreadablePage } from '../../../src/extract/walk/page.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';
import { markTexts } from '../../../src/extract/walk/date-texts/row-order.ts';
import { undatedKey } from '../../../src/model/list/bson-order.ts';

/** A small seeded generator (mulberry32): the same seed gives the same list and the same moves everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is stored as `ts`: a date, or whatever a bot has sent in its place. */
type StoredTs = Date | string | number | null | { readonly $date: string };

interface MovingRow extends ListRow {
  readonly ts: StoredTs;
  /** The server fails on every page that holds it. */
  readonly bad: boolean;
  /** Decides the order of ties, as the server's index does; edits bump it. */
  readonly updated: number;
  /** As pages show it. */
  readonly shown: ListRow;
}

export type MoveKind = 'post' | 'delete' | 'delete-last-seen' | 'prune' | 'edit' | 'late-insert' | 'burst' | 'cap';

export interface ListRules {
  readonly size: number;
  /** Chance that a row shares its predecessor's millisecond. */
  readonly ties: number;
  readonly cap: number;
  /** What an unlimited page gets where the server forbids it; null: unlimited pages are allowed. */
  readonly defaultCount: number | null;
  /** Moves before each answer, at most; chosen among `moves`. */
  readonly movesPerRequest: number;
  readonly moves: readonly MoveKind[];
  /** How far `total` may be off, either way. */
  readonly lie: number;
  readonly burstSize: number;
  /** Chance that a row makes the server fail. */
  readonly bad?: number;
  /** Rows whose `ts` is no date. */
  readonly undated?: number;
}

/** A list that holds still, on a server that tells the truth. */
export const quietRules: ListRules = {
  size: 100,
  ties: 0,
  cap: 100,
  defaultCount: null,
  movesPerRequest: 0,
  moves: [],
  lie: 0,
  burstSize: 0,
};

/** More than any walk of these tests needs. */
const mostRequests = 5_000;

/** A list as the server pages it, in memory, that changes before each answer and remembers what survived. */
export class MovingList {
  rows: MovingRow[] = [];
  requests = 0;
  readonly #random: () => number;
  readonly #rules: ListRules;
  #cap: number;
  #clock = 0;
  #ids = 0;
  #sorted: { readonly rows: readonly MovingRow[]; readonly clock: number } = { rows: [], clock: -1 };
  #lastSeen: string | undefined;
  #atStart = new Set<string>();

  constructor(rules: ListRules, random: () => number) {
    this.#rules = rules;
    this.#random = random;
    this.#cap = rules.cap;
    let tsMs = 1_000_000;
    for (let index = 0; index < rules.size; index++) {
      if (random() >= rules.ties) tsMs += 1 + Math.floor(random() * 40_000);
      this.#insert(tsMs);
    }
    for (let left = rules.undated ?? 0; left > 0; left--) this.#insertUndated();
    this.beginWalk();
  }

  beginWalk(): void {
    this.#atStart = new Set(this.rows.map((row) => row.id));
    this.requests = 0;
  }

  post(tsMs: number): void {
    this.#insert(tsMs);
  }

  /** Ids that were there when the walk began and still are. */
  survivors(): string[] {
    return this.rows.filter(({ id, bad }) => this.#atStart.has(id) && !bad).map(({ id }) => id);
  }

  readonly fetch = async ({ offset, count, order }: PageRequest): Promise<ListPage | UnreadablePage> => {
    this.#count();
    for (let turns = Math.floor(this.#random() * 4); turns > 0; turns--) await Promise.resolve();
    this.#move();
    const limit = count === 0 ? (this.#rules.defaultCount ?? Number.POSITIVE_INFINITY) : Math.min(count, this.#cap);
    const sorted = order === 'ts' ? this.rows : this.#totalOrder();
    const page = sorted.slice(offset, offset + limit);
    if (page.some(({ bad }) => bad)) return unreadable;
    const rows = markTexts(
      page.map(({ shown }) => ({ ...shown })),
      order,
    );
    this.#lastSeen = rows.at(-1)?.id;
    const lie = this.#rules.lie === 0 ? 0 : Math.floor(this.#random() * (2 * this.#rules.lie + 1)) - this.#rules.lie;
    return { rows, total: Math.max(0, this.rows.length + lie) };
  };

  /** A walk that does not end fails its test, which would otherwise never come to its end either. */
  #count(): void {
    if (++this.requests > mostRequests) throw new Error(`The walk asked ${mostRequests} times and has not ended`);
  }

  /** groups.history has none; channels.history and im.history have that of every list. */
  historyCap = Number.POSITIVE_INFINITY;

  /** The list as the history endpoints answer it: the newest rows at or before a moment. */
  readonly fetchHistory = async ({
    latestMs,
    count,
    offset = 0,
  }: HistoryRequest): Promise<RowsPage | UnreadablePage> => {
    this.#count();
    await Promise.resolve();
    this.#move();
    const rows = this.rows
      .filter((row) => latestMs === null || row.tsMs <= latestMs)
      .toReversed()
      .slice(offset, offset + Math.min(count, this.historyCap));
    if (rows.some(({ bad }) => bad)) return unreadable;
    this.#lastSeen = rows.at(-1)?.id;
    return { rows };
  };

  /** Sorted once for as long as nothing moves: walks ask for it page by page. */
  #totalOrder(): readonly MovingRow[] {
    const { rows, clock } = this.#sorted;
    if (clock !== this.#clock || rows.length !== this.rows.length) {
      const sorted = [...this.rows].sort((a, b) => compareStored(a.ts, b.ts) || (a.id < b.id ? -1 : 1));
      this.#sorted = { rows: sorted, clock: this.#clock };
    }
    return this.#sorted.rows;
  }

  #move(): void {
    const { moves, movesPerRequest, burstSize } = this.#rules;
    if (moves.length === 0) return;
    // A list that grows faster than it is read has no end: in the long run moves stop.
    if (this.requests > 2 * this.#rules.size + 100) return;
    for (let left = Math.floor(this.#random() * (movesPerRequest + 1)); left > 0; left--) {
      const newest = this.rows.at(-1)?.tsMs ?? 1_000_000;
      const some = Math.floor(this.#random() * this.rows.length);
      switch (moves[Math.floor(this.#random() * moves.length)]) {
        case 'post':
          this.#insert(newest + Math.floor(this.#random() * 3));
          break;
        case 'delete':
          this.rows.splice(some, 1 + Math.floor(this.#random() * 3));
          break;
        case 'delete-last-seen':
          this.rows = this.rows.filter((row) => row.id !== this.#lastSeen);
          break;
        case 'prune':
          this.rows.splice(0, Math.floor(this.#random() * this.rows.length * 0.3));
          break;
        case 'edit': {
          const row = this.rows[some];
          if (row !== undefined) {
            this.rows.splice(some, 1);
            this.#place({ ...row, updated: ++this.#clock });
          }
          break;
        }
        case 'late-insert':
          this.#insert(1_000_000 + Math.floor(this.#random() * (newest - 1_000_000)));
          break;
        case 'burst':
          // One burst is enough to stop a page; more would only make the list endless.
          if (this.#ids < this.#rules.size + 10 * burstSize) {
            for (let index = 0; index < burstSize; index++) this.#insert(newest + 5);
          }
          break;
        case 'cap':
          this.#cap = Math.max(1, [1, 2, 3, 7, 50, this.#rules.cap][Math.floor(this.#random() * 6)] ?? 1);
          break;
        case undefined:
          break;
      }
    }
  }

  #insertUndated(): void {
    const text = new Date(Math.floor(1_000_000 + this.#random() * 20_000_000)).toISOString();
    const some = Math.floor(this.#random() * 20_000_000);
    const values: readonly StoredTs[] = [null, some, text, text, text, `${text}!`, { $date: text }];
    this.#insert(Date.parse(text), values[Math.floor(this.#random() * values.length)] ?? null);
  }

  #insert(tsMs: number, ts: StoredTs = new Date(tsMs)): void {
    // Ids are in no order that means anything, like the server's.
    const id = `${Math.floor(this.#random() * 2 ** 32).toString(36)}-${++this.#ids}`;
    const bad = this.#rules.bad !== undefined && this.#random() < this.#rules.bad;
    this.#place({ id, tsMs, ts, bad, updated: ++this.#clock, shown: withKey({ id, tsMs }, ts) });
  }

  #place(row: MovingRow): void {
    let at = this.rows.length;
    for (; at > 0; at--) {
      const before = this.rows[at - 1];
      const order = before === undefined ? -1 : compareStored(before.ts, row.ts);
      if (before === undefined || order < 0) break;
      if (order === 0 && before.updated < row.updated) break;
    }
    this.rows.splice(at, 0, row);
  }
}

const unreadable: UnreadablePage = {
  unreadable: { reason: 'http-500', message: 'The server fails on this page', isTooLarge: false },
};

/** As MongoDB sorts: null, numbers, texts by their bytes, objects, dates. */
function compareStored(a: StoredTs, b: StoredTs): number {
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  const [left, right] = [a, b].map((ts) => (typeof ts === 'object' && ts !== null && '$date' in ts ? ts.$date : ts));
  if (left === right) return 0;
  return (left ?? 0) < (right ?? 0) ? -1 : 1;
}

function rank(ts: StoredTs): number {
  if (ts === null) return 0;
  if (ts instanceof Date) return 4;
  return ['number', 'string', 'object'].indexOf(typeof ts) + 1;
}

function withKey(row: ListRow, ts: StoredTs): ListRow {
  if (ts instanceof Date) return row;
  const undated = undatedKey(ts);
  return undated === undefined ? row : { ...row, undated };
}
