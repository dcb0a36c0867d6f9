import { readFile, stat } from 'node:fs/promises';
import { errorCode } from '../../errors.ts';
import { shellWord } from '../../shell-word.ts';
import { tool } from '../../version.ts';
import type { ReadSecret } from './variables.ts';

/** Secrets are some hundred bytes; a larger file is a wrong path. */
const maxSizeBytes = 64 * 1024;

/**
 * Reads a secret as container platforms provide it, a file of its own; line breaks at its end are not part of it.
 *
 * @param path absolute
 * @param shownPath the path as the job file writes it, for the problem
 * @param key of the job whose value it is
 */
export async function readSecretFile(path: string, shownPath: string, key: string): ReturnType<ReadSecret> {
  const failed = (reason: string, hint: string) => ({ problem: `the file "${shownPath}" ${reason}`, hint });
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return failed('is not a regular file', 'Name the file that holds the secret');
    if (stats.size > maxSizeBytes) return failed(`has ${stats.size} bytes`, 'Name the file that holds only the secret');
    const content = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return { content: content.replace(/[\r\n]+$/, '') };
  } catch (error) {
    const code = errorCode(error) ?? String(error);
    if (code === 'ENOENT') return failed('does not exist', missingHint(key, shownPath));
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return failed('is not UTF-8 text', 'Save the secret as UTF-8 text');
    return failed(`cannot be read: ${code}`, 'Check the permissions of the file and its folder');
  }
}

/** What is wanted of a newcomer, in a command to copy: nobody else gives them such a key. */
function missingHint(key: string, shownPath: string): string {
  const relative = 'Relative paths start from the current folder';
  return key === 'sign.key' ? `Make the key once: ${tool.name} keygen ${shellWord(shownPath)}. ${relative}` : relative;
}
