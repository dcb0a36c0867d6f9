import { parseShape } from '../../json-shape.ts';
import type { LinkHead } from './link-head.ts';
import type { ManifestChanges, ManifestList } from '../manifest.ts';
import { headReader, type ManifestReader } from './manifest-readers.ts';
import { manifestChangesSchema, manifestListSchema } from '../schema/export-schema.ts';

/** What a run says of all its rooms together. */
export interface ListTotals {
  /** Of the lists that it read. */
  readonly endpoints: ReadonlySet<string>;
  /** By id. */
  readonly roomNames: ReadonlyMap<string, string>;
  /** When the newest message was sent that it met, epoch milliseconds; 0: it met none. */
  readonly newestMs: number;
  /** Places that it could not read. */
  readonly holes: number;
  readonly pages: number;
  readonly overlapsVerified: number;
  readonly pagesRefetched: number;
  readonly countedEnds: number;
}

/** A link without what it says of each room, with the totals of those: of one that is no run all are 0. */
export type LinkWithTotals = LinkHead & { readonly totals: ListTotals };

/** Adds up what a manifest says of each room while it is read. */
export function totalsReader(): ManifestReader<LinkWithTotals> {
  let tally = new Tally();
  return {
    // Asked for at the beginning of each manifest.
    get parts() {
      tally = new Tally();
      return {
        ...headReader.parts,
        lists: (entry: unknown) => tally.addList(parseShape(manifestListSchema, entry)),
        changes: (entry: unknown) => tally.addChanges(parseShape(manifestChangesSchema, entry)),
      };
    },
    parse: (value) => ({ ...headReader.parse(value), totals: tally.totals }),
    ofWhole: (manifest) => {
      const own = new Tally();
      if (manifest.kind === 'export') {
        for (const list of manifest.lists) own.addList(list);
        for (const changes of manifest.changes) own.addChanges(changes);
      }
      return { ...manifest, totals: own.totals };
    },
  };
}

class Tally {
  readonly #endpoints = new Set<string>();
  readonly #roomNames = new Map<string, string>();
  #newestMs = 0;
  #holes = 0;
  #pages = 0;
  #overlapsVerified = 0;
  #pagesRefetched = 0;
  #countedEnds = 0;

  get totals(): ListTotals {
    return {
      endpoints: this.#endpoints,
      roomNames: this.#roomNames,
      newestMs: this.#newestMs,
      holes: this.#holes,
      pages: this.#pages,
      overlapsVerified: this.#overlapsVerified,
      pagesRefetched: this.#pagesRefetched,
      countedEnds: this.#countedEnds,
    };
  }

  addList(list: ManifestList): void {
    this.#endpoints.add(list.endpoint);
    this.#roomNames.set(list.room.id, list.room.name);
    this.#holes += list.holes.length;
    this.addChanges(list);
  }

  addChanges({ completeness }: Pick<ManifestChanges, 'completeness'>): void {
    const { last, pages, overlapsVerified, pagesRefetched, countedEnds = 0 } = completeness;
    if (last !== null) this.#newestMs = Math.max(this.#newestMs, Date.parse(last.ts));
    this.#pages += pages;
    this.#overlapsVerified += overlapsVerified;
    this.#pagesRefetched += pagesRefetched;
    this.#countedEnds += countedEnds;
  }
}
