import type { Column, Value } from '../../model/column.ts';
import { anyKind, type RowKind } from '../../model/row-batch.ts';

/** The kind of the row that is read from a source. */
export type KindOf<Source> = (source: Source) => RowKind;

/** What is known of the sources of a table before one is seen. */
export interface KnownSources<Source extends object> {
  /** A source in which every field that can be missing is. */
  readonly usual: Source;
  /** Bits of the fields in which a source differs from the usual one, those of `bits`. */
  readonly bitsOf: (source: Source) => number;
  /** By field its bit; 0 for fields that differ from source to source. */
  readonly bits: Readonly<Record<keyof Source, number>>;
}

/** Beyond, rows are of any kind: nobody's messages have so many. */
const mostKinds = 4_096;

/** Of rows of which nothing is known. */
export function ofAnyKind<Source>(columns: readonly Column<Source>[]): KindOf<Source> {
  const kind = anyKind(columns);
  return () => kind;
}

/**
 * Finds the kind of each row by the fields of its source that are as usual. A column that reads no others reads the same
 * of every such source, so it is read once for the kind; which fields it reads shows when it reads the usual source.
 */
export function rowKinds<Source extends object>(
  columns: readonly Column<Source>[],
  { usual, bitsOf, bits }: KnownSources<Source>,
): KindOf<Source> {
  const isField = (key: PropertyKey): key is keyof Source => Object.hasOwn(bits, key);
  const readers = columns.map(({ read }) => {
    let isFixed = true;
    let mask = 0;
    const seen = new Proxy(usual, {
      get: (source, key) => {
        if (isField(key) && bits[key] !== 0) mask |= bits[key];
        else isFixed = false;
        const value: unknown = Reflect.get(source, key);
        return value;
      },
    });
    const value = read(seen);
    return { isFixed, mask, value };
  });
  const kinds = new Map<number, RowKind>();
  const any = anyKind(columns);
  return (source) => {
    const found = bitsOf(source);
    const known = kinds.get(found);
    if (known !== undefined) return known;
    if (kinds.size === mostKinds) return any;
    const constants = readers.map(({ isFixed, mask, value }): Value | undefined =>
      isFixed && (mask & found) === 0 ? value : undefined,
    );
    const varying = constants.flatMap((constant, at) => (constant === undefined ? [at] : []));
    const kind = { varying, constants };
    kinds.set(found, kind);
    return kind;
  };
}
