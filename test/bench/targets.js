/**
 * What the program is to reach on a quiet machine of two cores: `npm run bench -- aims` prints all of it. The
 * other parts measure more of each.
 */
export const targets = {
  /** Times a bare loop over the same server, at most. */
  jsonl: 1.4,
  csv: 1.6,
  parquet: 1.8,
  millionInLongPages: 1.4,
  /** Times as fast as the loop where each page takes 10 ms, at least. */
  slowServer: 5.5,
  /** Megabytes, at most. */
  peakMb: { jsonl: 180, csv: 190, parquet: 240 },
  millionPeakMb: 280,
  /** Seconds of CPU, at most. */
  emptyRun: 0.4,
  /** Milliseconds of CPU, at most. */
  smallRoom: 1.2,
  roomRequests: 1,
  /** Times the CPU of DuckDB, at most. */
  latest: 1.5,
  compact: 3,
};
