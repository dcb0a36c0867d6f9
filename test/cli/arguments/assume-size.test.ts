import { describe, expect, it } from '@jest/globals';
import { assumeSize } from '../../../src/cli/arguments/assume-size.ts';

const after = (size: object, isTTY = true) => {
  const stream = { isTTY, columns: 0, rows: 0, ...size };
  assumeSize(stream);
  return { columns: stream.columns, rows: stream.rows };
};

describe('a terminal of which nobody has set the size', () => {
  it('gets 80 columns: with none, every letter was a line, and the cursor was sent up Infinity lines', () => {
    expect(after({ columns: 0, rows: 0 })).toEqual({ columns: 80, rows: 24 });
    expect(after({ columns: undefined, rows: undefined })).toEqual({ columns: 80, rows: 24 });
  });

  it('keeps the size that it has', () => expect(after({ columns: 60, rows: 0 })).toEqual({ columns: 60, rows: 0 }));

  it('is none where nothing is a terminal', () => expect(after({}, false)).toEqual({ columns: 0, rows: 0 }));
});
