/** What kind of difference it is; stable words, for scripts. */
export type DifferenceKind =
  /** It is named, and is not there. */
  | 'missing'
  /** It is there, and nothing names it. */
  | 'stray'
  /** It cannot be read, or is not what its name says. */
  | 'unreadable'
  | 'size'
  | 'sha256'
  /** Rows do not add up, or a Parquet file holds another number of them. */
  | 'rows'
  /** A manifest does not follow the one before it. */
  | 'chain'
  /** SHA256SUMS says something else than the manifests. */
  | 'sums'
  /** A link is not signed, or not by the key that it has to be signed by. */
  | 'signature'
  /** No manifest of the chain has the SHA-256 that was expected. */
  | 'expected'
  | 'state';

/** One thing of an archive that is not what its manifests say. */
export interface Difference {
  /** Relative to the archive. */
  readonly path: string;
  readonly problem: DifferenceKind;
  readonly expected: string;
  readonly actual: string;
}

/** What vouches for the chain. */
export interface SignatureReport {
  /** Links that are signed. */
  readonly links: number;
  /** SHA-256 of the keys (DER of the SubjectPublicKeyInfo), in the order of their links. */
  readonly keys: readonly string[];
  /**
   * Whether a key that was given vouches for the newest link, and so for all before it. false: only keys that are found
   * in the archive do, which shows that it agrees with itself, and not who made it.
   */
  readonly isVouchedFor: boolean;
}

/** What `verify` looked at and found. The archive is what its manifests say when `differences` is empty. */
export interface VerifyReport {
  /** Manifests read. */
  readonly runs: number;
  /** Files hashed: tables and kept journals. */
  readonly files: number;
  readonly bytes: number;
  /** Rows by table over all runs, as the manifests say. */
  readonly rows: Readonly<Record<string, number>>;
  /**
   * By table and format, with its compression where that is in the file's name (`csv.gz`): the rows of the files that
   * stand. Formats of one table differ where some run did not make one of them: a note names each.
   */
  readonly formats: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly differences: readonly Difference[];
  /** Folders that were not looked into: what lies there was made from the archive, and is no part of it. */
  readonly skipped: readonly string[];
  /** The newest manifest, for whoever keeps its hash elsewhere; null: it cannot be read. */
  readonly newest: { readonly path: string; readonly sha256: string } | null;
  /** null: the archive is not signed. */
  readonly signatures: SignatureReport | null;
  /** The manifest that has the expected SHA-256, and how many links came after it; null: none was expected, or none has it. */
  readonly expected: { readonly path: string; readonly linksAfter: number } | null;
  /** What a reader should know that is no difference: an open run, gaps that manifests name. */
  readonly notes: readonly string[];
}
