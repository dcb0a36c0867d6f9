import { createHash, verify } from 'node:crypto';
import type { PublicKey } from './public-key.ts';
import type { SigningKey } from './signing-key.ts';
import { decodePublicKey } from './public-key.ts';

/** `-n` of `ssh-keygen -Y verify`: a signature made for another purpose is none of an archive. */
const sshNamespace = 'rocketchat-export';

/** `-I` of it: who signed, in the file of allowed signers. */
const sshIdentity = 'archive';

const keyKind = 'ssh-ed25519';
const magic = Buffer.from('SSHSIG');
const signatureBytes = 64;
/** As OpenSSH writes it. */
const armorColumns = 70;

/** A signature that `ssh-keygen -Y verify` checks (OpenSSH, PROTOCOL.sshsig). */
export function makeSshsig(key: SigningKey, bytes: Uint8Array): Buffer {
  const publicKey = decodePublicKey(key.publicKey);
  if (publicKey === undefined) throw new Error('A signing key has no public key');
  return armor(publicKey, key.sign(signedPart(bytes)));
}

/** Whether it is, to the byte, the signature of these bytes by the key as `makeSshsig` writes it. */
export function isSshsig(publicKey: PublicKey, bytes: Uint8Array, file: Uint8Array): boolean {
  const body = Buffer.from(file).toString('latin1').split('\n').slice(1, -2).join('');
  const signature = Buffer.from(body, 'base64').subarray(-signatureBytes);
  return armor(publicKey, signature).equals(file) && verify(null, signedPart(bytes), publicKey.key, signature);
}

/** A line for `-f` of `ssh-keygen -Y verify`. */
export function allowedSigner(publicKey: PublicKey): string {
  const blob = publicKeyBlob(publicKey).toString('base64');
  return `${sshIdentity} namespaces="${sshNamespace}" ${keyKind} ${blob}\n`;
}

function armor(publicKey: PublicKey, signature: Uint8Array): Buffer {
  const version = Buffer.from([0, 0, 0, 1]);
  const signatureBlob = Buffer.concat([field(keyKind), field(signature)]);
  const text = Buffer.concat([magic, version, field(publicKeyBlob(publicKey)), ...purpose(), field(signatureBlob)]);
  const lines = text.toString('base64').match(new RegExp(`.{1,${armorColumns}}`, 'g')) ?? [];
  return Buffer.from(`-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`);
}

function signedPart(bytes: Uint8Array): Buffer {
  return Buffer.concat([magic, ...purpose(), field(createHash('sha512').update(bytes).digest())]);
}

/** Namespace, a reserved field, and the hash that the bytes go through first. */
function purpose(): readonly Buffer[] {
  return [field(sshNamespace), field(''), field('sha512')];
}

function publicKeyBlob({ raw }: PublicKey): Buffer {
  return Buffer.concat([field(keyKind), field(raw)]);
}

/** A `string` of RFC 4251: length, then content. */
function field(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
