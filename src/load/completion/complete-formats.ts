import { anyKind, batchOfRows } from '../../model/row-batch.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { Unusable } from '../kept/why-no-replay.ts';
import { filesWithRows, lackingRows } from './lacking-rows.ts';
import { readAgainTo } from './read-again-to.ts';
import type { TableFile } from '../../snapshot/table-files.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import type { TableOutput } from '../../parts/table-output.ts';
import type { StepSettings } from '../../snapshot/superseded/superseded-runs.ts';
import { findSource } from './source/find-source.ts';

/**
 * Writes rows of earlier runs into the formats that those runs did not make, from another format of the archive: file by
 * file, each row with the `run` that it has, in the folder where it stands; or from rows made once more of kept journals. No source is read before its bytes have been
 * compared with its manifest; one that is not what it was costs its own rows, which a later run tries again.
 */
export async function completeFormats(
  { reader, history, steps, replayed, whyNoReplay }: ArchiveToComplete,
  outputs: Iterable<TableOutput>,
): Promise<Pick<Completion, 'completed' | 'incomplete'>> {
  const completed: Completion['completed'][number][] = [];
  const incomplete: Completion['incomplete'][number][] = [];
  for (const output of outputs) {
    const { table } = output.schema;
    const { format, extension } = output.sink;
    for (const lacking of lackingRows(history, table, output.sink)) {
      const { runs } = lacking;
      const { columns } = output.schema;
      const source = await findSource(reader, lacking, { history, steps, table, columns, whyNoReplay });
      const named = { table, format, extension, runs };
      if (source.kind === 'files') completed.push({ ...named, rows: await copyRows(reader, source.files, output) });
      else if (source.kind === 'raw' && replayed !== null) {
        const files = filesWithRows(replayed.history.files, table, new Set(runs));
        completed.push({ ...named, rows: await copyRows(replayed.reader, files, output), source: 'raw' });
      } else {
        const { because: why } = source.kind === 'none' ? source : notReplayed;
        const isReadAgain = runs.every((run) => run <= readAgainTo(table, history));
        const because = isReadAgain ? `${why}; ${readAgainSince}` : why;
        const readAgain = isReadAgain && { isReadAgain };
        incomplete.push({ ...named, because, ...readAgain });
      }
    }
  }
  return { completed, incomplete };
}

const notReplayed = { because: 'nobody has made them once more of `_raw`' };

const readAgainSince =
  'every room was read again since, so what is current is in it, but for rooms and messages that were gone by then';

interface ArchiveToComplete {
  readonly reader: TableReader;
  readonly history: ArchiveHistory;
  readonly steps: readonly StepSettings[];
  /** The same rows, made once more of kept journals; null: nobody has. */
  readonly replayed: Pick<ArchiveToComplete, 'reader' | 'history'> | null;
  readonly whyNoReplay: () => Promise<Unusable | null>;
}

async function copyRows(reader: TableReader, files: readonly TableFile[], output: TableOutput): Promise<number> {
  const { table, columns: own } = output.schema;
  const names = new Set(own.map(({ name }) => name));
  const columns = (storedColumns.get(table) ?? own).filter(({ name }) => names.has(name));
  const kind = anyKind(columns);
  let written = 0;
  for (const file of files) {
    const { partition } = file.place;
    for await (const rows of reader.rows(file, columns)) {
      if (rows.length === 0) continue;
      await output.write(batchOfRows(rows, columns, kind), { partition, mayReplace: file.mayReplace, columns });
      written += rows.length;
    }
  }
  return written;
}
