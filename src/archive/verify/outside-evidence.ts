import { UsageError } from '../../errors.ts';
import { parsePublicKey } from '../../signature/public-key.ts';
import { archivePaths } from '../paths.ts';
import type { PreviousLink } from '../manifest/manifest.ts';
import type { Difference, VerifyReport } from './verify-report.ts';

/** What was kept elsewhere: whoever can rewrite a whole archive cannot change it. */
export interface GivenEvidence {
  /** PEM of a key: the newest link must be signed by it, or by one that it handed over to. */
  readonly publicKey?: string;
  /** SHA-256 of a manifest, in hex: one of the chain must have it. */
  readonly expect?: string;
}

/** The same, checked. */
export interface OutsideEvidence {
  /** See PublicKey.text. */
  readonly publicKey: string | undefined;
  /** In lower-case hex. */
  readonly expect: string | undefined;
}

/** @throws UsageError for a text that is no public key, or no SHA-256 */
export function outsideEvidence({ publicKey, expect }: GivenEvidence): OutsideEvidence {
  return {
    publicKey: publicKey === undefined ? undefined : keyText(publicKey),
    expect: expect === undefined ? undefined : checkedHash(expect),
  };
}

/**
 * Finds the manifest that has the expected hash.
 *
 * @param links oldest first
 * @returns `found: null` where nothing is expected; the difference where no manifest has it
 */
export function findExpected(
  links: readonly NonNullable<PreviousLink>[],
  hash: string | undefined,
): { readonly found: VerifyReport['expected'] } | Difference {
  if (hash === undefined) return { found: null };
  const at = links.findIndex(({ sha256 }) => sha256 === hash);
  const link = links[at];
  if (link !== undefined) return { found: { path: link.path, linksAfter: links.length - 1 - at } };
  const actual = links.length === 1 ? 'the only one has another' : `none of ${links.length} has it`;
  return { path: archivePaths.manifests, problem: 'expected', expected: `a manifest with SHA-256 ${hash}`, actual };
}

function keyText(pem: string): string {
  const key = parsePublicKey(pem);
  if (!('problem' in key)) return key.text;
  throw new UsageError(`Cannot use the public key: ${key.problem}`, {
    hint: '`keygen` writes it beside the private one, with the ending .pub.pem',
  });
}

function checkedHash(text: string): string {
  const hash = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new UsageError(`Cannot look for a manifest with the SHA-256 "${text}", expected 64 hex digits`, {
    hint: 'Every run prints that of its manifest; `sha256sum` prints the same of a file in _manifest',
  });
}
