import type { ZonedTime } from '../../transcript/text/zoned-time.ts';
import type { Binned } from '../charts/bins.ts';
import type { MessageFigures } from '../figures/message-figures.ts';
import type { RunHistory } from '../figures/run-history.ts';

/** All that the page says. */
export interface ReportFacts {
  readonly messages: MessageFigures;
  /** Messages over time. */
  readonly time: Binned;
  readonly history: RunHistory;
  readonly zone: ZonedTime;
  /** From the page to the transcript's first page; null: there is none beside it. */
  readonly transcriptLink: string | null;
}
