import { isArchivePath, runName } from '../paths.ts';
import { partitionKeyOf } from './partition-folder.ts';

/** What the path of a data file says. */
export interface DataFilePlace {
  readonly table: string;
  /** Name of its folder within that of its table, see partitionFolder; undefined: it lies in the table's own. */
  readonly partition: string | undefined;
  readonly run: number;
  /** From 1 within a run and folder. */
  readonly part: number;
  /** Without the dot: `csv.gz`. */
  readonly extension: string;
}

/** The folder of a data file, relative to the archive. */
export function dataFolder({ table, partition }: Pick<DataFilePlace, 'table' | 'partition'>): string {
  return partition === undefined ? table : `${table}/${partition}`;
}

/** `messages/run-000001-0001.csv.gz`, `messages/month=2026-11/run-000001-0001.parquet`. */
export function dataFilePath(place: DataFilePlace): string {
  const { run, part, extension } = place;
  return `${dataFolder(place)}/${runName(run)}-${String(part).padStart(4, '0')}.${extension}`;
}

const tableName = /^[a-z][a-z0-9_]*$/;

/** What follows the table's folder in the path of a data file: partition, run, part, extension. */
const dataFileName = /^(?:([a-z]+=[\w.%-]+)\/)?run-(\d{6,15})-(\d{4,15})\.([a-z0-9]+(?:\.[a-z0-9]+)*)$/;

/** Reads what `dataFilePath` made; undefined for any other path. */
export function dataFilePlace(path: string): DataFilePlace | undefined {
  const [table = ''] = path.split('/', 1);
  const [, partition, digits, part, extension] = dataFileName.exec(path.slice(table.length + 1)) ?? [];
  if (!isArchivePath(path) || !tableName.test(table) || digits === undefined || extension === undefined)
    return undefined;
  if (partition !== undefined && partitionKeyOf(partition) === undefined) return undefined;
  const run = Number(digits);
  if (`run-${digits}` !== runName(run)) return undefined;
  return { table, partition, run, part: Number(part), extension };
}

/** Whether a data file lies in its table's folder under a name of its run: nothing else may be published. */
export function isDataFilePath(path: string, table: string, run: number): boolean {
  const place = dataFilePlace(path);
  return place?.table === table && place.run === run;
}

/** Whether a path is that of a data file of an earlier run: nothing else may be replaced. */
export function isEarlierDataFilePath(path: string, run: number): boolean {
  const place = dataFilePlace(path);
  return place !== undefined && place.run > 0 && place.run < run;
}
