import { basename, dirname } from 'node:path';
import type { Disk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';

interface FileNode {
  kind: 'file';
  content: Buffer;
  flushed: Buffer;
}
interface FolderNode {
  kind: 'folder';
  entries: Map<string, TreeNode>;
  flushed: Map<string, TreeNode>;
}
type TreeNode = FileNode | FolderNode;

const newFolder = (): FolderNode => ({ kind: 'folder', entries: new Map(), flushed: new Map() });

function copyOf<T extends TreeNode>(node: T, copies: Map<TreeNode, TreeNode>): T;
function copyOf(node: TreeNode, copies: Map<TreeNode, TreeNode>): TreeNode {
  const known = copies.get(node);
  if (known !== undefined) return known;
  if (node.kind === 'file') {
    const copy = { ...node };
    copies.set(node, copy);
    return copy;
  }
  const copy = newFolder();
  copies.set(node, copy);
  for (const [name, child] of node.entries) copy.entries.set(name, copyOf(child, copies));
  for (const [name, child] of node.flushed) copy.flushed.set(name, copyOf(child, copies));
  return copy;
}

/**
 * A disk that knows what a real one would still hold after a power cut: of a file what was flushed, of a folder the
 * names it had when it was flushed. The worst a file system may do, short of damage.
 */
export class MemoryDisk implements Disk {
  readonly #root: FolderNode;

  constructor(root = newFolder()) {
    this.#root = root;
  }

  copy(): MemoryDisk {
    return new MemoryDisk(copyOf(this.#root, new Map()));
  }

  /** @param reachedDisk names whose removal was written out although nothing else was: the order is the system's. */
  cutPower(...reachedDisk: readonly string[]): void {
    const seen = new Set<TreeNode>();
    const revert = (node: TreeNode): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.kind === 'file') node.content = node.flushed;
      else {
        const removed = reachedDisk.filter((name) => !node.entries.has(name));
        node.entries = new Map(node.flushed);
        for (const name of removed) node.entries.delete(name);
        for (const child of node.entries.values()) revert(child);
      }
    };
    revert(this.#root);
  }

  /** Everything flushed: as if the machine had been idle for a while. */
  settle(node: TreeNode = this.#root): void {
    if (node.kind === 'file') node.flushed = node.content;
    else {
      node.flushed = new Map(node.entries);
      for (const child of node.entries.values()) this.settle(child);
    }
  }

  tree(node: TreeNode = this.#root): object | string {
    if (node.kind === 'file') return node.content.toString('latin1');
    const entries = [...node.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([name, child]) => [name, this.tree(child)]));
  }

  #find(path: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.#root;
    for (const name of path.split('/')) {
      if (name === '') continue;
      node = node?.kind === 'folder' ? node.entries.get(name) : undefined;
    }
    return node;
  }

  #folder(path: string): FolderNode {
    const node = this.#find(path);
    if (node?.kind !== 'folder') throw new OutputError(`Cannot find the folder "${path}"`);
    return node;
  }

  #file(path: string): FileNode {
    const node = this.#find(path);
    if (node?.kind !== 'file') throw new OutputError(`Cannot find the file "${path}"`);
    return node;
  }

  // The interface's methods are asynchronous; a throw must become a rejection.
  /* eslint-disable @typescript-eslint/require-await */
  open: Disk['open'] = async (path, mode) => {
    const folder = this.#folder(dirname(path));
    const found = folder.entries.get(basename(path));
    const file: FileNode =
      found?.kind === 'file' ? found : { kind: 'file', content: Buffer.of(), flushed: Buffer.of() };
    if (mode === 'truncate') file.content = Buffer.of();
    folder.entries.set(basename(path), file);
    return {
      write: async (bytes) => void (file.content = Buffer.concat([file.content, bytes])),
      sync: async () => void (file.flushed = file.content),
      close: async () => undefined,
    };
  };

  readFile: Disk['readFile'] = async (path) => {
    const node = this.#find(path);
    return node?.kind === 'file' ? node.content : undefined;
  };

  async *readChunks(path: string, fromByte = 0): AsyncGenerator<Uint8Array> {
    yield this.#file(path).content.subarray(fromByte);
  }

  openToRead: Disk['openToRead'] = async (path) => {
    const file = this.#file(path);
    return {
      read: async (fromByte, toByte) => file.content.subarray(fromByte, toByte),
      close: async () => undefined,
    };
  };

  list: Disk['list'] = async (folder) => {
    const node = this.#find(folder);
    return node?.kind === 'folder' ? [...node.entries.keys()].sort() : undefined;
  };

  sizeBytes: Disk['sizeBytes'] = async (path) => {
    const node = this.#find(path);
    return node?.kind === 'file' ? node.content.length : node && 4096;
  };

  freeBytes: Disk['freeBytes'] = async () => undefined;

  isLink: Disk['isLink'] = async () => false;

  shortcomings: Disk['shortcomings'] = () => [];

  truncate: Disk['truncate'] = async (path, sizeBytes) => {
    const file = this.#file(path);
    file.content = file.content.subarray(0, sizeBytes);
  };

  rename: Disk['rename'] = async (from, to) => {
    const node = this.#find(from);
    const target = this.#find(to);
    if (node === undefined) throw new OutputError(`Cannot find "${from}"`);
    if (target?.kind === 'folder' && target.entries.size > 0) throw new OutputError(`The folder "${to}" is not empty`);
    this.#folder(dirname(to)).entries.set(basename(to), node);
    this.#folder(dirname(from)).entries.delete(basename(from));
  };

  link: Disk['link'] = async (from, to) => {
    if (this.#find(to) !== undefined) return false;
    this.#folder(dirname(to)).entries.set(basename(to), this.#file(from));
    return true;
  };

  remove: Disk['remove'] = async (path) => {
    const folder = this.#find(dirname(path));
    if (folder?.kind === 'folder') folder.entries.delete(basename(path));
  };

  makeFolder: Disk['makeFolder'] = async (path) => {
    let folder = this.#root;
    for (const name of path.split('/')) {
      if (name === '') continue;
      const next = folder.entries.get(name) ?? newFolder();
      if (next.kind === 'file') throw new OutputError(`Cannot make the folder "${path}"`);
      folder.entries.set(name, next);
      folder = next;
    }
  };

  removeEmptyFolder: Disk['removeEmptyFolder'] = async (path) => {
    const folder = this.#find(path);
    if (folder?.kind === 'folder' && folder.entries.size === 0)
      this.#folder(dirname(path)).entries.delete(basename(path));
  };

  syncFolder: Disk['syncFolder'] = async (path) => {
    const folder = this.#folder(path);
    folder.flushed = new Map(folder.entries);
  };
  /* eslint-enable @typescript-eslint/require-await */
}
