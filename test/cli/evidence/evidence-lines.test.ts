import { expect, it } from '@jest/globals';
import type { VerifyReport } from '../../../src/archive/verify/verify-report.ts';
import { evidenceLines } from '../../../src/cli/evidence/evidence-lines.ts';

const report: VerifyReport = {
  ...{ runs: 2, files: 0, bytes: 0, rows: {}, formats: {}, differences: [], skipped: [], notes: [] },
  ...{ newest: null, expected: null, signatures: { links: 2, keys: ['abc'], isVouchedFor: false } },
};

it('claims consistency only for a key that lies in the archive', () => {
  expect(evidenceLines(report)).toEqual([
    'signed: 2 links of 2, by the key abc\n',
    expect.stringContaining('proves consistency only'),
  ]);
});

it('does not call signed what has a signature that is wrong or gone', () => {
  const gone = { path: '_manifest/run-000001.json.sig', problem: 'signature', expected: '', actual: '' } as const;
  expect(evidenceLines({ ...report, differences: [gone] })).toEqual([
    'signed: 2 links of 2, by the key abc, but for 1 signature above that no key vouches for\n',
  ]);
});
