import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import type { Disk } from '../../system/disk.ts';
import type { ColumnSpec } from '../../model/column.ts';
import { type LeafPlace, leafPlaces } from '../../sinks/parquet/leaf-places.ts';
import { parquetSchema } from '../../sinks/parquet/parquet-schema.ts';
import type { LeafChunk } from '../../sinks/parquet/stored/leaf-chunk.ts';
import { type StoredColumn, StoredRows } from '../../sinks/parquet/stored/stored-rows.ts';
import { FormatError } from '../format-error.ts';
import { readable, readablePieces } from '../readable.ts';
import { parquetMetadata, compressorsFor } from './read-parquet.ts';
import { readLeaf } from './leaf-pages.ts';
import { LeafValues } from './leaf-values.ts';
import { bytesOfChunk, rowGroupBytes } from './row-group-bytes.ts';

/**
 * The rows of a Parquet file as they lie in it, a row group at a time, to be copied into a file with `columns`. What the
 * rows do not have is null.
 *
 * @returns undefined where the file has a column in another form: then its rows have to be read one by one
 * @throws OutputError when the file is missing or damaged, at once or while it is read
 */
export async function readStoredRows(
  disk: Disk,
  path: string,
  columns: readonly ColumnSpec[],
): Promise<AsyncIterable<StoredRows> | undefined> {
  const metadata = await readable(path, () => parquetMetadata(disk, path));
  const sources = columns.map((column) => columnSource(column, metadata));
  const known = sources.filter((source) => source !== undefined);
  if (known.length < sources.length || !known.some(({ leaves }) => leaves.some(({ from }) => from !== undefined))) {
    return undefined;
  }
  return readablePieces(path, rowGroups(disk, path, metadata, known));
}

/** A column to be copied. */
interface ColumnSource {
  readonly name: string;
  readonly leaves: readonly {
    readonly to: LeafPlace;
    /** undefined: the file does not have the column. */
    readonly from: SourceLeaf | undefined;
  }[];
}

/** Where a leaf is in the file, and which of its leaves it is. */
interface SourceLeaf {
  readonly place: LeafPlace;
  readonly index: number;
}

function columnSource(column: ColumnSpec, { schema }: FileMetaData): ColumnSource | undefined {
  const inFile = leafPlaces(schema).map((place, index) => ({ place, index }));
  const own = inFile.filter(({ place }) => place.path[0] === column.name);
  const leaves = leafPlaces(parquetSchema([column])).map((to) => ({
    to,
    from: own.find(({ place }) => fits(place, to)),
  }));
  const isThere = own.length > 0;
  if (isThere ? leaves.some(({ from }) => from === undefined) : !column.nullable) return undefined;
  return { name: column.name, leaves };
}

/** The same, or of a column that can be null where it could not be. */
function fits(from: LeafPlace, to: LeafPlace): boolean {
  const [first, ...rest] = to.repetitions;
  return (
    from.type === to.type &&
    from.path.join('\0') === to.path.join('\0') &&
    (from.repetitions[0] === first || (from.repetitions[0] === 'REQUIRED' && first === 'OPTIONAL')) &&
    from.repetitions.slice(1).join() === rest.join()
  );
}

async function* rowGroups(
  disk: Disk,
  path: string,
  metadata: FileMetaData,
  sources: readonly ColumnSource[],
): AsyncGenerator<StoredRows> {
  const compressors = await compressorsFor(metadata);
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const chunkOf = (from: SourceLeaf | undefined): ColumnMetaData | undefined =>
      from === undefined ? undefined : group.columns[from.index]?.meta_data;
    const wanted = sources.flatMap(({ leaves }) => leaves.flatMap(({ from }) => chunkOf(from) ?? []));
    const bytes = await rowGroupBytes(disk, path, wanted);
    const leaves: LeafChunk[] = [];
    const columns: StoredColumn[] = [];
    for (const source of sources) {
      for (const { to, from } of source.leaves) {
        const chunk = chunkOf(from);
        const leaf =
          from === undefined || chunk === undefined
            ? nulls(rows, to)
            : asPlaced(readLeaf(bytesOfChunk(bytes, chunk), { place: from.place, chunk, compressors }), from.place, to);
        expectRows(leaf, rows, source.name);
        leaves.push(leaf);
        if (to.path.length === 1) columns.push({ name: source.name, chunk: leaf });
      }
    }
    yield new StoredRows(rows, leaves, columns);
  }
}

/** Of a column that the file does not have. */
function nulls(rows: number, { type, mostDefined }: LeafPlace): LeafChunk {
  return { entries: rows, mostDefined, definition: 0, repetition: 0, values: new LeafValues(type, 0).stored() };
}

/** With the levels of a column that can be null, where it could not be in the file. */
function asPlaced(leaf: LeafChunk, from: LeafPlace, to: LeafPlace): LeafChunk {
  const { mostDefined } = to;
  if (from.mostDefined === mostDefined) return leaf;
  const { definition } = leaf;
  return {
    ...leaf,
    mostDefined,
    definition: typeof definition === 'number' ? definition + 1 : definition.map((level) => level + 1),
  };
}

function expectRows({ entries, repetition }: LeafChunk, rows: number, column: string): void {
  let found = 0;
  if (typeof repetition === 'number') found = repetition === 0 ? entries : 0;
  else for (const level of repetition) if (level === 0) found += 1;
  if (found !== rows) {
    throw new FormatError(`column "${column}" has ${found} of the ${rows} rows of a row group`);
  }
}
