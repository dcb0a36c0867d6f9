import { sha256 } from '../../../src/archive/hash-file.ts';
import { archivePaths } from '../../../src/archive/paths.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import type { Disk } from '../../../src/system/disk.ts';

/** All that an archive holds and that must not depend on how often its runs were cut. */
export interface ArchiveContents {
  /** SHA-256 by path of every file but manifests and their sums: tables, state, and whatever was left behind. */
  readonly files: Readonly<Record<string, string>>;
  /** In order of their runs, without the circumstances. */
  readonly manifests: readonly unknown[];
}

/**
 * Keys of a manifest that tell how it came about: when, in how many requests and pages (how soon one stream's walk knows
 * the server's page size depends on the others, and kept pages with it), and the hash of the manifest before, which holds the same.
 */
const circumstances: ReadonlySet<string> = new Set([
  'startedAt',
  'finishedAt',
  'requests',
  'pages',
  'overlapsVerified',
  'pagesRefetched',
  'raw',
  'previous',
]);

/** Files whose bytes follow from circumstances, too. */
const follows = /^(_manifest\/SHA256SUMS$|_raw\/)/;

export async function archiveContents(disk: Disk, archive: string): Promise<ArchiveContents> {
  const files: Record<string, string> = {};
  const manifests: unknown[] = [];
  for await (const { name, path } of walkFiles(disk, archive)) {
    const bytes = (await disk.readFile(path)) ?? Buffer.of();
    if (/^_manifest\/run-\d+\.json$/.test(name)) manifests.push(withoutCircumstances(bytes));
    else if (name === archivePaths.state) files[name] = sha256(withoutSilence(bytes));
    else files[name] = follows.test(name) ? 'there' : sha256(bytes);
  }
  return { files, manifests };
}

/** How long a room had been silent follows from when the run began: see silenceMark. */
function withoutSilence(json: Buffer): Buffer {
  return Buffer.from(json.toString().replaceAll(/("seen":"[\w-]{16}) -?\d+"/g, '$1"'));
}

function withoutCircumstances(manifest: Buffer): unknown {
  return JSON.parse(withoutSilence(manifest).toString(), (key, value: unknown) => {
    if (circumstances.has(key)) return undefined;
    // The hash is of how long rooms had been silent, too.
    return key === 'state' && typeof value === 'object' ? { ...value, sha256: undefined } : value;
  });
}
