import { beforeAll, describe, expect, it } from '@jest/globals';
import { changeSigningKey } from '../../../src/archive/stored-state/state-links.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { keyChangeSigner } from '../../../src/signature/link-signer.ts';
import { sampleKey } from '../../support/archives/sample-keys.ts';
import { publishRuns } from '../../support/archives/sample-run.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const mutations = quickOrLong(40, 200);
const seed = 20261127;

/** Numbers from 0 up to `below`, not included, the same each time (mulberry32). */
function numbersFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface Mutation {
  readonly what: string;
  /** One of these must be named by what is found. */
  readonly paths: readonly string[];
}

type Mutate = (disk: MemoryDisk, paths: readonly string[], below: (limit: number) => number) => Promise<Mutation>;

async function read(disk: MemoryDisk, path: string): Promise<Buffer> {
  return Buffer.from((await disk.readFile(`/archive/${path}`)) ?? '');
}

async function write(disk: MemoryDisk, path: string, content: Uint8Array): Promise<void> {
  await (await disk.open(`/archive/${path}`, 'truncate')).write(content);
}

const pick = (paths: readonly string[], below: (limit: number) => number): string => paths[below(paths.length)] ?? '';

/** Files whose loss leaves the others whole are found by what names them; of a run all that it brought is taken away. */
const kinds: readonly Mutate[] = [
  ...Array.from({ length: 4 }, (): Mutate => async (disk, paths, below) => {
    const path = pick(paths, below);
    const bytes = await read(disk, path);
    const [at, bit] = [below(bytes.length), below(8)];
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
    await write(disk, path, bytes);
    return { what: `bit ${bit} of byte ${at} of ${path}`, paths: [path] };
  }),
  async (disk, paths, below) => {
    const path = pick(paths, below);
    const bytes = await read(disk, path);
    await write(disk, path, bytes.subarray(0, below(bytes.length)));
    return { what: `the end of ${path}`, paths: [path] };
  },
  async (disk, paths, below) => {
    const path = pick(paths, below);
    await disk.remove(`/archive/${path}`);
    return { what: `${path} removed`, paths: [path] };
  },
  async (disk, paths, below) => {
    const one = pick(paths, below);
    const bytes = await read(disk, one);
    const others: string[] = [];
    for (const path of paths) if (!(await read(disk, path)).equals(bytes)) others.push(path);
    const two = pick(others, below);
    await write(disk, one, await read(disk, two));
    await write(disk, two, bytes);
    return { what: `${one} and ${two} swapped`, paths: [one, two] };
  },
  async (disk, paths, below) => {
    const folder = pick([...new Set(paths.filter((path) => path.includes('/')).map(folderOf))], below);
    const path = `${folder}/run-00000${1 + below(9)}-000${1 + below(9)}.txt`;
    await write(disk, path, Buffer.from('not yours'));
    return { what: `${path} added`, paths: [path] };
  },
  async (disk, paths, below) => {
    const run = `run-00000${1 + below(4)}`;
    for (const path of paths.filter((name) => name.includes(run))) await disk.remove(`/archive/${path}`);
    return { what: `${run} dropped`, paths: [`_manifest/${run}.json`] };
  },
];

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

describe(`one of ${mutations} mutations of an archive (seed ${seed})`, () => {
  const below = numbersFrom(seed);
  const archive = new MemoryDisk();
  const paths: string[] = [];
  const publicKey = sampleKey(2).publicPem;
  beforeAll(async () => {
    await publishRuns(archive, '/archive', 3, true, sampleKey(1).signer);
    const keys = keyChangeSigner(sampleKey(1).key, sampleKey(2).key);
    await changeSigningKey(archive, '/archive', '2024-03-02T00:00:00.000Z', keys);
    for await (const { name } of walkFiles(archive, '/archive')) paths.push(name);
    expect((await verifyArchive('/archive', { disk: archive, publicKey })).differences).toEqual([]);
    for (const kind of ['_state.json', '_manifest/SHA256SUMS', '_raw/', '.sshsig', '.previous.sig', '.csv', '.parquet'])
      expect(paths.some((path) => path.includes(kind))).toBe(true);
  });

  const numbers = Array.from({ length: mutations }, (_, index) => index);
  it.each(numbers)('is found, and the file named: %i', async (index) => {
    const disk = archive.copy();
    const mutate = kinds[index % kinds.length];
    if (mutate === undefined) throw new Error('There is no such kind');
    const mutation = await mutate(disk, paths, below);
    const named = [false, true].map(async (isKeyGiven) => {
      const { differences } = await verifyArchive('/archive', { disk, ...(isKeyGiven && { publicKey }) });
      return mutation.paths.filter((path) =>
        differences.some((difference) => JSON.stringify(difference).includes(path)),
      );
    });
    expect([mutation.what, ...(await Promise.all(named))]).toEqual([mutation.what, mutation.paths, mutation.paths]);
  });
});
