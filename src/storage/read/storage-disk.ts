import { relative, sep } from 'node:path';
import { archivePaths, runOfManifestName } from '../../archive/paths.ts';
import { OutputError, UsageError } from '../../errors.ts';
import type { Disk, DiskFile } from '../../system/disk.ts';
import type { DiskReader } from '../../system/disk-reader.ts';
import type { Bucket } from '../client/bucket.ts';
import type { ListedObject } from '../client/bucket-lists.ts';
import { pointerKey, readPointer, wholeRuns } from '../pointer.ts';

/** What is asked for at once of a large object. */
const rangeBytes = 8 << 20;

/**
 * An archive in an object store as a disk that nobody writes to: what reads archives reads this one. Which runs there are
 * the manifests say, as far as their push has come; names of folders are of the moment when they were first asked for.
 */
export class StorageDisk implements Disk {
  readonly #bucket: Bucket;
  readonly #root: string;
  #objects: Promise<ReadonlyMap<string, ListedObject>> | undefined;
  #folders: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** By key, as they were when they were last listed: manifests, and what lies beside them. */
  #manifestSizes: ReadonlyMap<string, number> = new Map();

  /** @param root absolute path that stands for the prefix; nothing is read there */
  constructor(bucket: Bucket, root: string) {
    this.#bucket = bucket;
    this.#root = root;
  }

  /** @throws UsageError when no run is there, or none whose push has ended: `action` completes "Cannot … <address>" */
  async expectRuns(action: string): Promise<void> {
    const names = (await this.#manifests()) ?? [];
    if (names.some((name) => runOfManifestName(name) !== undefined)) return;
    throw new UsageError(`Cannot ${action} "${this.#bucket.client.addressOf()}": no archive was pushed there`, {
      hint: 'Name the bucket and the prefix that it was pushed to; a first push that was cut has to be finished',
    });
  }

  /** Every object, by key, as they were when they were first asked for. */
  objects(): Promise<ReadonlyMap<string, ListedObject>> {
    return (this.#objects ??= this.#listAll());
  }

  async list(folder: string): Promise<readonly string[] | undefined> {
    const key = this.#keyOf(folder);
    if (key === archivePaths.manifests) return this.#manifests();
    const names = (await this.#names()).get(key);
    return names && [...names].filter((name) => key !== '' || name !== pointerKey).sort();
  }

  async readFile(path: string): Promise<Buffer | undefined> {
    const key = this.#keyOf(path);
    // A run that is open, and who writes, is of the machine that it is on.
    if (key.startsWith(`${archivePaths.work}/`) || key === archivePaths.lock) return undefined;
    return (await this.#bucket.read(key))?.bytes;
  }

  async *readChunks(path: string, fromByte = 0): AsyncGenerator<Uint8Array> {
    const key = this.#keyOf(path);
    for (let at = fromByte; ;) {
      const chunk = await this.#range(key, at, at + rangeBytes);
      if (chunk.length > 0) yield chunk;
      if (chunk.length < rangeBytes) return;
      at += chunk.length;
    }
  }

  openToRead(path: string): Promise<DiskReader> {
    const key = this.#keyOf(path);
    return Promise.resolve({ read: (from, to) => this.#range(key, from, to), close: () => Promise.resolve() });
  }

  async sizeBytes(path: string): Promise<number | undefined> {
    const key = this.#keyOf(path);
    // They are asked for before the files that they name: to list those now would miss what a push brings meanwhile.
    const listed = this.#manifestSizes.get(key);
    if (listed !== undefined) return listed;
    const object = (await this.objects()).get(key);
    return object?.sizeBytes ?? ((await this.#names()).has(key) ? 0 : undefined);
  }

  isLink(): Promise<boolean> {
    return Promise.resolve(false);
  }

  freeBytes(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  shortcomings(): readonly string[] {
    return [];
  }

  open(): Promise<DiskFile> {
    return this.#refuse();
  }

  truncate(): Promise<void> {
    return this.#refuse();
  }

  rename(): Promise<void> {
    return this.#refuse();
  }

  link(): Promise<boolean> {
    return this.#refuse();
  }

  remove(): Promise<void> {
    return this.#refuse();
  }

  makeFolder(): Promise<void> {
    return this.#refuse();
  }

  removeEmptyFolder(): Promise<void> {
    return this.#refuse();
  }

  syncFolder(): Promise<void> {
    return this.#refuse();
  }

  #refuse(): Promise<never> {
    return Promise.reject(new Error(`"${this.#bucket.client.addressOf()}" is only read`));
  }

  #keyOf(path: string): string {
    return relative(this.#root, path).replaceAll(sep, '/');
  }

  async #range(key: string, from: number, to: number): Promise<Uint8Array> {
    const chunk = await this.#bucket.readRange(key, from, to);
    if (chunk !== undefined) return chunk;
    throw new OutputError(`Cannot read "${this.#bucket.client.addressOf(key)}": there is no such object`);
  }

  /** Asked anew each time: a push may come meanwhile. */
  async #manifests(): Promise<readonly string[] | undefined> {
    const { pointer } = await readPointer(this.#bucket);
    const prefix = `${archivePaths.manifests}/`;
    const names: string[] = [];
    const sizes = new Map<string, number>();
    for await (const { key, sizeBytes } of this.#bucket.list(prefix)) {
      names.push(key.slice(prefix.length));
      sizes.set(key, sizeBytes);
    }
    this.#manifestSizes = sizes;
    if (names.length === 0) return undefined;
    const runs = names.flatMap((name) => runOfManifestName(name) ?? []).sort((a, b) => a - b);
    const last = wholeRuns(runs, pointer).length;
    // What is behind a gap is shown as it is: somebody took a manifest away.
    const hidden = new Set(pointer.pushing === null ? [] : runs.filter((run) => run > last));
    const runOf = (name: string): number => Number(/^run-(\d+)\./.exec(name)?.[1] ?? 0);
    return names.filter((name) => !hidden.has(runOf(name))).sort();
  }

  async #listAll(): Promise<ReadonlyMap<string, ListedObject>> {
    const found = new Map<string, ListedObject>();
    for await (const object of this.#bucket.list()) found.set(object.key, object);
    return found;
  }

  /** Folder → names in it; the root is the empty key. */
  async #names(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    if (this.#folders !== undefined) return this.#folders;
    const folders = new Map<string, Set<string>>([['', new Set()]]);
    for (const key of (await this.objects()).keys()) {
      const parts = key.split('/');
      parts.forEach((name, at) => {
        const folder = parts.slice(0, at).join('/');
        folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
      });
    }
    return (this.#folders = folders);
  }
}
