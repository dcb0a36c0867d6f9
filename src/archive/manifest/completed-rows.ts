/** Numbers of runs, both ends included. */
export interface RunRange {
  readonly from: number;
  readonly to: number;
}

/** Rows of earlier runs that a run has written in a format which those runs did not make. */
export interface CompletedRows {
  readonly table: string;
  readonly format: string;
  /** File ending without the dot, which tells two sinks of one format apart. */
  readonly extension: string;
  /** The runs that wrote the rows first: each row keeps its own `run`. */
  readonly runs: readonly RunRange[];
  readonly rows: number;
  /** Set where the rows were made once more of the journals that those runs kept under `_raw`; else copied from another format. */
  readonly source?: 'raw';
}

/** Joins neighbours. @param runs ascending */
export function runRanges(runs: Iterable<number>): readonly RunRange[] {
  const ranges: RunRange[] = [];
  for (const run of runs) {
    const last = ranges.at(-1);
    if (last?.to === run - 1) ranges[ranges.length - 1] = { from: last.from, to: run };
    else ranges.push({ from: run, to: run });
  }
  return ranges;
}

/** The other way round. */
export function runsIn(ranges: readonly RunRange[]): readonly number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
}

/** `runs 1 to 9, 12`, or `run 3`. */
export function rangesText(ranges: readonly RunRange[]): string {
  const [first] = ranges;
  const isOne = ranges.length === 1 && first?.from === first?.to;
  const numbers = ranges.map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`));
  return `${isOne ? 'run' : 'runs'} ${numbers.join(', ')}`;
}

/** The same. @param runs ascending */
export function runsText(runs: Iterable<number>): string {
  return rangesText(runRanges(runs));
}

export function isInRanges(ranges: readonly RunRange[], run: number): boolean {
  return ranges.some(({ from, to }) => from <= run && run <= to);
}
