import { archivePaths } from '../paths.ts';
import { parseSums, sumLines } from '../sha256-sums.ts';
import type { Difference } from './verify-report.ts';

/**
 * Compares SHA256SUMS with what the manifests name.
 *
 * @param bytes undefined: there is no such file
 * @param named path → hash; an empty hash is one that is not known, for the manifest could not be read
 * @param mayDiffer paths of which the list may or may not speak, because something is just being published
 */
export function sumsDifferences(
  bytes: Uint8Array | undefined,
  named: ReadonlyMap<string, string>,
  mayDiffer: ReadonlySet<string>,
): readonly Difference[] {
  const differs = (problem: Difference['problem'], expected: string, actual: string): Difference => {
    return { path: archivePaths.sums, problem, expected, actual };
  };
  if (bytes === undefined) return [differs('missing', `${named.size} sums`, 'no such file')];
  const sums = parseSums(bytes);
  if (sums === undefined) return [differs('unreadable', 'lines of SHA-256 and path', 'something else')];
  const differences: Difference[] = [];
  for (const [path, hash] of named) {
    const actual = sums.get(path);
    if (actual === hash || hash === '' || (actual === undefined && mayDiffer.has(path))) continue;
    differences.push(differs('sums', `${hash}  ${path}`, actual === undefined ? 'no such line' : `${actual}  ${path}`));
  }
  for (const [path, hash] of sums) {
    if (named.has(path) || mayDiffer.has(path)) continue;
    differences.push(differs('sums', 'no such line: no manifest names the file', `${hash}  ${path}`));
  }
  // One byte that changes the meaning of no line was changed all the same.
  if (differences.length === 0 && !Buffer.from(sumLines(sums)).equals(bytes)) {
    differences.push(differs('sums', 'lines as `sha256sum` writes them', 'the same sums, written otherwise'));
  }
  return differences;
}
