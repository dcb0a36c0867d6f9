import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { fingerprintOf } from '../../signature/public-key.ts';
import { isSignature, signatureFiles, type LinkSignatures } from '../../signature/link-signer.ts';
import { sha256 } from '../hash-file.ts';
import type { ChainLink } from '../manifest/read-chain.ts';
import { readTimestamp } from '../../signature/timestamp.ts';
import { manifestPath, timestampPath } from '../paths.ts';
import type { Difference, SignatureReport } from './verify-report.ts';

/** Checks the signatures of a chain, link by link, and by whose key they are. */
export class SignatureAudit {
  readonly differences: Difference[] = [];
  readonly notes: string[] = [];
  readonly #disk: Disk;
  readonly #archive: string;
  /** The key given from outside. */
  readonly #publicKey: string | undefined;
  readonly #keys: string[] = [];
  #signedLinks = 0;
  #current: string | undefined;
  /** Whether the key given, or one that it handed over to, vouches for the newest link. */
  #isVouchedFor = false;
  #newest: string | undefined;

  /** @param publicKey see PublicKey.text; undefined: only that the archive agrees with itself can be checked */
  constructor(disk: Disk, archive: string, publicKey: string | undefined) {
    this.#disk = disk;
    this.#archive = archive;
    this.#publicKey = publicKey;
  }

  /**
   * The next link.
   *
   * @returns the files that belong beside its manifest, with their hashes; an empty hash: it cannot be read
   */
  async add({ manifest: { run, signer }, sha256: hash, bytes }: ChainLink): Promise<ReadonlyMap<string, string>> {
    const path = manifestPath(run);
    this.#newest = path;
    this.#isVouchedFor &&= signer !== undefined;
    if (signer === undefined) {
      if (this.#current !== undefined) this.#differs(path, keyText(this.#current), 'it is not signed');
      return new Map();
    }
    this.#signedLinks += 1;
    const named = new Map<string, string>();
    let isSound = true;
    const signed = await bytes();
    for (const file of signatureFiles(signer)) {
      const filePath = `${path}${file.ending}`;
      const found = await this.#disk.readFile(join(this.#archive, filePath));
      named.set(filePath, found === undefined ? '' : sha256(found));
      if (found !== undefined && isSignature(file, signed, found)) continue;
      isSound = false;
      this.#differs(filePath, keyText(file.publicKey), found === undefined ? 'no such file' : 'another signature');
    }
    this.#follow(path, signer, isSound);
    await this.#checkTimestamp(run, signer, hash, named);
    return named;
  }

  /** The key that must sign the next link; undefined: none has signed one yet, or a fault hides whose turn it is. */
  get currentKey(): string | undefined {
    return this.#current;
  }

  /** A fault of the chain hides a link: by whom it was signed is not known, nor whether the key changed in it. */
  forget(): void {
    this.#current = undefined;
    this.#isVouchedFor = false;
  }

  /** @returns undefined for an archive that is not signed */
  finish(): SignatureReport | undefined {
    if (this.#publicKey !== undefined && this.#newest !== undefined && !this.#isVouchedFor) {
      const others = this.#keys.length === 0 ? 'no signature' : `signatures by ${this.#keys.join(', ')}`;
      this.#differs(this.#newest, `${keyText(this.#publicKey)}, which is given`, others);
    }
    if (this.#signedLinks === 0) return undefined;
    return { links: this.#signedLinks, keys: this.#keys, isVouchedFor: this.#isVouchedFor };
  }

  #follow(path: string, { publicKey, previousKey }: LinkSignatures, isSound: boolean): void {
    const expected = previousKey ?? publicKey;
    if (this.#current !== undefined && this.#current !== expected) {
      const by = `a signature by ${fingerprintOf(expected)}`;
      this.#differs(path, `${keyText(this.#current)}, which signed the link before`, by);
      this.#isVouchedFor = false;
    }
    // Whom the key given signs over to, it vouches for; what came before is in the chain, and so is vouched for as well.
    const isGiven = [publicKey, previousKey].includes(this.#publicKey);
    this.#isVouchedFor = isSound && this.#publicKey !== undefined && (this.#isVouchedFor || isGiven);
    this.#current = publicKey;
    const fingerprint = fingerprintOf(publicKey);
    if (!this.#keys.includes(fingerprint)) this.#keys.push(fingerprint);
  }

  async #checkTimestamp(run: number, signer: LinkSignatures, hash: string, named: Map<string, string>): Promise<void> {
    const path = timestampPath(run);
    const found = await this.#disk.readFile(join(this.#archive, path));
    if (found === undefined) {
      if (signer.timestamp === true) this.notes.push(`${manifestPath(run)} has no time stamp: the next run asks again`);
      return;
    }
    named.set(path, sha256(found));
    const stamp = readTimestamp(found, hash);
    if ('problem' in stamp) this.#differs(path, `a time stamp of ${manifestPath(run)}`, stamp.problem);
    else
      this.notes.push(
        `${path} says that ${manifestPath(run)} was there at ${stamp.time}: openssl ts checks whose word that is`,
      );
  }

  #differs(path: string, expected: string, actual: string): void {
    this.differences.push({ path, problem: 'signature', expected, actual });
  }
}

function keyText(publicKey: string): string {
  return `a signature by the key ${fingerprintOf(publicKey)}`;
}
