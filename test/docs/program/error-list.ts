import { join } from 'node:path';
import { exitCodes } from '../../../src/errors.ts';
import { errorTexts, hintTable, type ErrorText } from './error-texts.ts';

const sources = join(import.meta.dirname, '../../../src');

/** What the system says of a code, and what people search for. Source: errno(3) */
const wordsOfCodes: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'disk quota exceeded',
  EEXIST: 'file exists',
  EIO: 'input/output error',
  EISDIR: 'is a directory',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENFILE: 'too many open files in system',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device, the disk is full',
  ENOTDIR: 'not a directory',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ESTALE: 'stale file handle',
};

/** Files with a table of hints, and what their keys stand for. */
const tables: readonly (readonly [path: string, title: string])[] = [
  ['record/gap-hints.ts', 'Reasons of gaps'],
  ['rocketchat/http/classify-response.ts', 'Refusals of the server, by their code'],
  ['rocketchat/http/classify-failure.ts', 'The network: exit code 69 before anything was read, 75 later'],
  ['system/disk-errors.ts', 'The disk: exit code 73, the code at the end of the error'],
];

const sections: readonly (readonly [className: string, title: string])[] = [
  ['RoomError', `Gaps: the run ends with ${exitCodes.gaps}`],
  ['DifferenceError', `Exit code ${exitCodes.difference}`],
  ['UsageError', `Exit code ${exitCodes.usage}`],
  ['UnreachableError', `Exit code ${exitCodes.unreachable}`],
  ['OutputError', `Exit code ${exitCodes.output}`],
  ['StoppedError', `Exit code ${exitCodes.stopped}`],
  ['AccessError', `Exit code ${exitCodes.access}`],
  ['JobError', `Exit code ${exitCodes.job}`],
];

/** All errors, as Markdown: by where hints come from, then by exit code; what an error says, and what to do. */
export function errorList(): string {
  const texts = errorTexts(sources);
  return [
    ...tables.map(([path, title]) =>
      section(
        title,
        hintTable(join(sources, path)).map(([words, hint]) => entry(words, hint)),
      ),
    ),
    ...sections.map(([className, title]) =>
      section(
        title,
        texts
          .filter((text) => text.className === className)
          .map(({ message, hint }: ErrorText) => entry(message, hint)),
      ),
    ),
  ].join('\n');
}

function section(title: string, entries: readonly string[]): string {
  if (entries.length === 0) throw new Error(`No source has an error for "${title}"`);
  return [`### ${title}\n`, ...[...new Set(entries)].toSorted(), ''].join('\n');
}

function entry(words: string, hint: string | undefined): string {
  const code = `\`${words.replaceAll('`', "'").replaceAll(/\s+/g, ' ')}\``;
  if (hint === undefined) return `- ${code}`;
  const meaning = wordsOfCodes[words];
  return `- ${code}${meaning === undefined ? '' : ` (${meaning})`}: ${hint.replaceAll(/[*<>]/g, '\\$&')}${/[.?…]$/.test(hint) ? '' : '.'}`;
}
