import { join } from 'node:path';
import { readChainBack } from '../../../archive/manifest/read-chain.ts';
import { archivePaths } from '../../../archive/paths.ts';
import { OutputError } from '../../../errors.ts';
import { isArray } from '../../../model/json/is-array.ts';
import type { Disk } from '../../../system/disk.ts';
import type { IndexReader } from '../engine/find-messages.ts';
import { isIndexDirectory, isIndexedMessage } from '../engine/index-guards.ts';
import {
  directoryFile,
  shardCalls,
  textsFile,
  wordsFile,
  type IndexDirectory,
  type IndexedMessage,
} from '../engine/index-shape.ts';

/** An index on the disk, for a program that reads files. */
export interface StoredIndex {
  readonly directory: IndexDirectory;
  readonly reader: IndexReader;
}

/**
 * Opens the index in the archive's own transcript.
 *
 * @returns undefined when there is none, or a run has come after it: compactions alone change nothing that it says
 * @throws OutputError when it is damaged
 */
export async function openIndex(disk: Disk, archive: string): Promise<StoredIndex | undefined> {
  const folder = join(archive, archivePaths.transcript, 'search');
  const text = await disk.readFile(join(folder, directoryFile));
  if (text === undefined) return undefined;
  const [directory] = argumentsOf(join(folder, directoryFile), shardCalls.index, text.toString());
  // One of another version is made again by the next run.
  if (!isIndexDirectory(directory) || !(await isCurrent(disk, archive, directory))) return undefined;
  const read = async (file: string, call: string): Promise<unknown> => {
    const path = join(folder, file);
    const script = await disk.readFile(path);
    if (script === undefined) throw damaged(path, 'there is no such file');
    return argumentsOf(path, call, script.toString())[2];
  };
  const texts = new Map<string, readonly IndexedMessage[]>();
  return {
    directory,
    reader: {
      words: async (segment, shard) => {
        const file = wordsFile(segment, shard);
        const lines = await read(file, shardCalls.words);
        if (typeof lines !== 'string') throw damaged(join(folder, file), 'it holds no words');
        return lines;
      },
      texts: async (segment, shard) => {
        const file = textsFile(segment, shard);
        const known = texts.get(file);
        if (known !== undefined) return known;
        const messages = await read(file, shardCalls.texts);
        if (!isArray(messages) || !messages.every(isIndexedMessage)) {
          throw damaged(join(folder, file), 'it holds no messages');
        }
        // What is found lies close together: the one before is seldom asked for again.
        texts.clear();
        texts.set(file, messages);
        return messages;
      },
    },
  };
}

async function isCurrent(disk: Disk, archive: string, { link, sha256: hash }: IndexDirectory): Promise<boolean> {
  for await (const { manifest, sha256 } of readChainBack(disk, archive)) {
    if (manifest.run <= link) return manifest.run === link && sha256 === hash;
    if (manifest.kind !== 'compaction') return false;
  }
  return false;
}

/** What a script hands to its function. */
function argumentsOf(path: string, call: string, script: string): readonly unknown[] {
  const begin = `${call}(`;
  if (!script.startsWith(begin) || !script.endsWith(');\n')) throw damaged(path, `it is no call of ${call}`);
  let list: unknown;
  try {
    list = JSON.parse(`[${script.slice(begin.length, -3)}]`);
  } catch (cause) {
    throw damaged(path, 'what it hands over is no JSON', cause);
  }
  return isArray(list) ? list : [];
}

function damaged(path: string, why: string, cause?: unknown): OutputError {
  return new OutputError(`Cannot read the index "${path}": ${why}`, {
    cause,
    hint: 'Remove the folder `_view/transcript`: the rows are searched instead, and the next run makes it again',
  });
}
