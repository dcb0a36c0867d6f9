import { noRunPublished } from '../archive/no-run-published.ts';
import { readArchiveHistory } from '../snapshot/archive-history.ts';
import type { Disk } from '../system/disk.ts';
import { ZonedTime } from '../transcript/text/zoned-time.ts';
import { binDays } from './charts/bins.ts';
import { messageFigures } from './figures/message-figures.ts';
import { readRunHistory } from './figures/run-history.ts';
import { reportDocument } from './page/report-document.ts';

/** How a report is made. */
export interface ReportRequest {
  /** IANA name of the zone for days and hours. Default: UTC. */
  readonly zone?: string;
  /** Aborting it ends the work; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Called after each batch with the messages read so far. */
  readonly onRows?: (rows: number) => void;
}

/** A report, and what it is of. */
interface MadeReport {
  readonly text: string;
  readonly messages: number;
  readonly rooms: number;
  readonly runs: number;
  /** See Report. */
  readonly damaged: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Adds an archive up and writes the page about it.
 *
 * @param sortFolder absolute; whoever names it removes it
 * @throws UsageError when there is no archive or nothing was published; OutputError for a damaged manifest;
 *   DifferenceError for a file that is not what its manifest says
 */
export async function makeReport(
  disk: Disk,
  archive: string,
  { sortFolder, transcriptLink }: { readonly sortFolder: string; readonly transcriptLink: string | null },
  { zone: zoneName = 'UTC', signal, onRows }: ReportRequest,
): Promise<MadeReport> {
  const zone = new ZonedTime(zoneName);
  const archiveHistory = await readArchiveHistory(disk, archive);
  const history = await readRunHistory(disk, archive);
  if (history === undefined) throw noRunPublished('read', archive);
  const messages = await messageFigures(disk, archive, archiveHistory, {
    zone,
    sortFolder,
    onRows: (rows) => {
      signal?.throwIfAborted();
      onRows?.(rows);
    },
  });
  const { tally } = messages;
  return {
    text: reportDocument({ messages, history, zone, transcriptLink, time: binDays(tally.byDay) }),
    messages: tally.messages,
    rooms: tally.rooms.length,
    damaged: messages.damaged,
    notes: messages.notes,
    runs: history.links.filter(({ kind }) => kind === 'export').length,
  };
}
