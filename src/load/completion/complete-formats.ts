import { anyKind, batchOfRows } from '../../model/row-batch.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { lackingRows } from './lacking-rows.ts';
import type { TableFile } from '../../snapshot/table-files.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import type { TableOutput } from '../files/table-output.ts';
import type { StepSettings } from '../../snapshot/superseded/superseded-runs.ts';
import { findSource } from './find-source.ts';

/**
 * Writes rows of earlier runs into the formats that those runs did not make, from another format of the archive: file by
 * file, each row with the `run` that it has, in the folder where it stands. No source is read before its bytes have been
 * compared with its manifest; one that is not what it was costs its own rows, which a later run tries again.
 */
export async function completeFormats(
  { reader, history, steps }: ArchiveToComplete,
  outputs: Iterable<TableOutput>,
): Promise<Pick<Completion, 'completed' | 'incomplete'>> {
  const completed: Completion['completed'][number][] = [];
  const incomplete: Completion['incomplete'][number][] = [];
  for (const output of outputs) {
    const { table } = output.schema;
    const { format, extension } = output.sink;
    for (const lacking of lackingRows(history, table, output.sink)) {
      const { runs } = lacking;
      const source = await findSource(reader, lacking, { history, steps, columns: output.schema.columns });
      if ('files' in source) {
        completed.push({ table, format, extension, runs, rows: await copyRows(reader, source.files, output) });
      } else {
        const isReadAgain = runs.every((run) => run <= history.forgotten);
        const because = isReadAgain ? `${source.because}; ${readAgainSince}` : source.because;
        const readAgain = isReadAgain && { isReadAgain };
        incomplete.push({ table, format, extension, runs, because, ...readAgain });
      }
    }
  }
  return { completed, incomplete };
}

const readAgainSince =
  'every room was read again since, so what is current is in it, but for rooms and messages that were gone by then';

interface ArchiveToComplete {
  readonly reader: TableReader;
  readonly history: ArchiveHistory;
  readonly steps: readonly StepSettings[];
}

async function copyRows(reader: TableReader, files: readonly TableFile[], output: TableOutput): Promise<number> {
  const { table, columns: own } = output.schema;
  const names = new Set(own.map(({ name }) => name));
  const columns = (storedColumns.get(table) ?? own).filter(({ name }) => names.has(name));
  const kind = anyKind(columns);
  let written = 0;
  for (const file of files) {
    const { folder } = file.place;
    const partition = folder === table ? undefined : folder.slice(table.length + 1);
    for await (const rows of reader.rows(file, columns)) {
      if (rows.length === 0) continue;
      await output.write(batchOfRows(rows, columns, kind), { partition, mayReplace: file.mayReplace, columns });
      written += rows.length;
    }
  }
  return written;
}
