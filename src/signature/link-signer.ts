import { verify } from 'node:crypto';
import { decodePublicKey } from './public-key.ts';
import type { SigningKey } from './signing-key.ts';
import { isSshsig, makeSshsig } from './sshsig.ts';

/** What a manifest says of its signatures, and which they therefore vouch for. */
export interface LinkSignatures {
  /** Base64 of the DER of the SubjectPublicKeyInfo of the key that signed it. */
  readonly publicKey: string;
  /** The key that signed until then, and signed this link, too: from the next one on it counts no more. */
  readonly previousKey?: string;
  /** Whether a time stamp was asked for: it comes later, and lies beside the manifest. */
  readonly timestamp?: true;
}

/** Signs the links of an archive's chain that are committed. */
export interface LinkSigner {
  /** For their manifests. */
  readonly says: LinkSignatures;
  /** The files beside a manifest: ending, behind the name of the manifest, and content. */
  readonly sign: (manifest: Uint8Array) => ReadonlyMap<string, Buffer>;
}

/** One of the files that vouch for a manifest. */
export interface SignatureFile {
  /** Behind the name of the manifest. */
  readonly ending: string;
  /** Whose it must be. */
  readonly publicKey: string;
  /** `raw`: the 64 bytes of Ed25519, as `openssl pkeyutl` checks them; `ssh`: as `ssh-keygen -Y verify` does. */
  readonly format: 'raw' | 'ssh';
}

/** Signs the links of runs, compactions and resets. */
export function linkSigner(key: SigningKey, isTimestampWanted = false): LinkSigner {
  const says: LinkSignatures = { publicKey: key.publicKey, ...(isTimestampWanted && { timestamp: true }) };
  return { says, sign: (manifest) => signaturesBy([key], says, manifest) };
}

/** Signs the one link in which a key takes the place of another: with both. */
export function keyChangeSigner(previous: SigningKey, next: SigningKey): LinkSigner {
  const says: LinkSignatures = { publicKey: next.publicKey, previousKey: previous.publicKey };
  return { says, sign: (manifest) => signaturesBy([previous, next], says, manifest) };
}

/** The files that have to lie beside a manifest that says this of its signatures. */
export function signatureFiles({ publicKey, previousKey }: LinkSignatures): readonly SignatureFile[] {
  const own = bothFormats(publicKey, '');
  return previousKey === undefined ? own : [...own, ...bothFormats(previousKey, '.previous')];
}

/** Whether a file is what it must be beside a manifest of these bytes. */
export function isSignature({ publicKey, format }: SignatureFile, manifest: Uint8Array, file: Uint8Array): boolean {
  const key = decodePublicKey(publicKey);
  if (key === undefined) return false;
  return format === 'raw' ? verify(null, manifest, key.key, file) : isSshsig(key, manifest, file);
}

function bothFormats(publicKey: string, prefix: string): readonly SignatureFile[] {
  return [
    { ending: `${prefix}.sig`, publicKey, format: 'raw' },
    { ending: `${prefix}.sshsig`, publicKey, format: 'ssh' },
  ];
}

function signaturesBy(
  keys: readonly SigningKey[],
  says: LinkSignatures,
  manifest: Uint8Array,
): ReadonlyMap<string, Buffer> {
  return new Map(
    signatureFiles(says).flatMap(({ ending, publicKey, format }) => {
      const key = keys.find((one) => one.publicKey === publicKey);
      if (key === undefined) return [];
      return [[ending, format === 'raw' ? key.sign(manifest) : makeSshsig(key, manifest)] as const];
    }),
  );
}
