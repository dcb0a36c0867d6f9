import type { VerifyReport } from '../../archive/verify/verify-report.ts';
import { counted } from '../../model/text/counted.ts';

/** What vouches for an archive, and what does not, in sentences that claim no more than was checked. */
export function evidenceLines({ runs, newest, signatures, expected, differences }: VerifyReport): readonly string[] {
  return [
    ...signatureLines(signatures, runs, differences.filter(({ problem }) => problem === 'signature').length),
    ...(expected === null ? [] : [`expected: ${expected.path} has that SHA-256, ${linksAfter(expected.linksAfter)}\n`]),
    ...(newest === null
      ? []
      : [
          `newest manifest: ${newest.path}, SHA-256 ${newest.sha256}\n`,
          ...(expected === null
            ? [
                'An archive alone cannot show that its newest runs were taken away: compare this SHA-256 with one that a run printed, or that you kept elsewhere\n',
              ]
            : []),
        ]),
  ];
}

function signatureLines(signatures: VerifyReport['signatures'], runs: number, faults: number): readonly string[] {
  if (signatures === null) return ['signed: no\n'];
  const { links, keys, isVouchedFor } = signatures;
  const by = `${counted(links, 'link')} of ${runs}, by ${keys.length === 1 ? 'the key' : 'the keys'} ${keys.join(', ')}`;
  if (faults > 0) return [`signed: ${by}, but for ${counted(faults, 'signature')} above that no key vouches for\n`];
  const worth = isVouchedFor
    ? 'the key that was given vouches for the newest link, and so for all before it'
    : 'a key found inside the archive proves consistency only, not who made it: give the key from elsewhere with --public-key';
  return [`signed: ${by}\n`, `${worth}\n`];
}

function linksAfter(links: number): string {
  return links === 0 ? 'and none came after it' : `and ${counted(links, 'link')} came after it`;
}
