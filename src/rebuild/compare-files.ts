import { dirname } from 'node:path';
import type { KeptJournal } from '../archive/manifest/kept-journals.ts';
import type { AnyManifest, KeptRows, ManifestFile, PurgeManifest } from '../archive/manifest/manifest.ts';
import { manifestPath } from '../archive/paths.ts';
import { sinkKey, sinkOf } from '../archive/sink-key.ts';
import { filesTableName } from '../model/table-name.ts';
import type { Difference } from '../archive/verify/verify-report.ts';

/** How the files that were made once more compare with those that the runs wrote; each is counted once. Lists are of paths. */
export interface FileComparison {
  /** How many have the bytes that the run wrote. */
  readonly equal: number;
  /** Of files made of runs whose responses a purge has changed since: they lack what was purged. */
  readonly purged: readonly string[];
  /** Of files made with rows of earlier runs, which the run had copied from files that a compaction or a purge had rewritten. */
  readonly copied: readonly string[];
  /** Of files of such runs that were not made: what they held was purged, or lies in other files, cut otherwise. */
  readonly unmade: readonly string[];
  readonly differences: readonly Difference[];
}

/** Compares link by link, oldest first. */
export class FileComparer {
  readonly #rewritten: readonly KeptJournal['place'][];
  readonly #purged: string[] = [];
  readonly #copied: string[] = [];
  readonly #unmade: string[] = [];
  readonly #differences: Difference[] = [];
  /** What the newest purge so far has left, where that is not what was made. */
  #leftDifferences: readonly Difference[] = [];
  /** By `sinkKey`: what purges have taken rows out of. */
  readonly #purgedGroups = new Map<string, string>();
  #equal = 0;
  /** What runs wrote and no later link has replaced; what was made once more. */
  readonly #live = new Map<string, ManifestFile>();
  readonly #made: ManifestFile[] = [];
  /** Which rows the compactions and purges so far have kept; undefined: there was none. */
  #kept: KeptRows | undefined;

  /** @param journals as they are kept now */
  constructor(journals: readonly KeptJournal[]) {
    this.#rewritten = journals.map(({ place }) => place).filter(({ purge }) => purge !== undefined);
  }

  get result(): FileComparison {
    const differences = [...this.#differences, ...this.#leftDifferences];
    return { equal: this.#equal, purged: this.#purged, copied: this.#copied, unmade: this.#unmade, differences };
  }

  /** @param files made of the run; none for any other link */
  add(manifest: AnyManifest, files: readonly ManifestFile[]): void {
    if (!('files' in manifest)) return;
    if (manifest.kind === 'export') this.#addRun(manifest.run, manifest.files, files);
    else for (const { path } of manifest.replaces) this.#live.delete(path);
    for (const file of manifest.files) this.#live.set(file.path, file);
    this.#made.push(...files);
    if (manifest.kind === 'purge') this.#addPurge(manifest);
    if (manifest.kind !== 'export') {
      this.#kept =
        this.#kept === 'latest' || (manifest.kind === 'compaction' && manifest.keeps === 'latest') ? 'latest' : 'all';
    }
  }

  #addRun(run: number, wrote: readonly ManifestFile[], made: readonly ManifestFile[]): void {
    const known = new Map(wrote.map((file) => [file.path, file]));
    const isPurged = this.#rewritten.some((place) => place.run <= run && run < (place.purge ?? 0));
    for (const file of this.#withoutEqual(made, known)) {
      const before = known.get(file.path);
      known.delete(file.path);
      if (isPurged) this.#purged.push(file.path);
      else if (file.earlier === true && this.#kept !== undefined) this.#copied.push(file.path);
      else this.#differs(file.path, 'sha256', before?.sha256 ?? 'no such file', file.sha256);
    }
    for (const { path, sha256, earlier } of known.values()) {
      if (isPurged || (earlier === true && this.#kept !== undefined)) this.#unmade.push(path);
      else this.#differs(path, 'missing', sha256, 'no such file');
    }
  }

  /** Counts those that are equal, and takes them out of what is known. */
  #withoutEqual(made: readonly ManifestFile[], known: Map<string, ManifestFile>): readonly ManifestFile[] {
    const isEqual = (file: ManifestFile, before: ManifestFile | undefined): boolean => {
      if (before?.sha256 !== file.sha256) return false;
      known.delete(before.path);
      this.#equal += 1;
      return true;
    };
    const others = made.filter((file) => !isEqual(file, known.get(file.path)));
    // Where rows of earlier runs are cut into other files, those of the run itself come behind them with other numbers.
    if (this.#kept === undefined || !made.some(({ earlier }) => earlier === true)) return others;
    const isSamePlace = (file: ManifestFile, before: ManifestFile): boolean =>
      before.earlier !== true && before.sha256 === file.sha256 && dirname(before.path) === dirname(file.path);
    return others.filter(
      (file) =>
        file.earlier === true ||
        !isEqual(
          file,
          [...known.values()].find((one) => isSamePlace(file, one)),
        ),
    );
  }

  /**
   * Bytes cannot be compared, rows can: as many must be left as in the files that the purge wrote. What a later purge takes out
   * is gone from the responses already, so only the newest one can be told.
   */
  #addPurge({ run, compacted }: PurgeManifest): void {
    for (const { table, format, extension } of compacted) {
      // An avatar stays when all messages are gone by which the responses show whose there are.
      if (table === filesTableName) continue;
      this.#purgedGroups.set(sinkKey({ format, extension }, table), `"${table}" as ${extension}`);
    }
    // Then the archive has fewer rows than the responses.
    const groups = this.#kept === 'latest' ? [] : [...this.#purgedGroups];
    this.#leftDifferences = groups.flatMap(([group, name]): readonly Difference[] => {
      const rowsOf = (files: Iterable<ManifestFile>): number =>
        [...files].reduce((sum, file) => sum + (sinkKey(sinkOf(file), file.table) === group ? file.rows : 0), 0);
      const [left, made] = [rowsOf(this.#live.values()), rowsOf(this.#made)];
      if (left === made) return [];
      const expected = `${left} rows of ${name} after the purge`;
      return [{ path: manifestPath(run), problem: 'rows', expected, actual: `${made} rows` }];
    });
  }

  #differs(path: string, problem: Difference['problem'], expected: string, actual: string): void {
    this.#differences.push({ path, problem, expected, actual });
  }
}
