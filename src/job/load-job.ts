import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { JobError, errorCode } from '../errors.ts';
import type { Job } from './job.ts';
import { expandTree } from './yaml/expand-tree.ts';
import { formatKeyPath, formatProblems, isPathWithin } from './problem.ts';
import type { JobProblem } from './problem.ts';
import { resolveJob } from './resolve-job.ts';
import { readSecretFile } from './yaml/secret-file.ts';
import { parseYaml } from './yaml/parse-yaml.ts';
import { locate } from './yaml/yaml-tree.ts';
import type { Position } from './yaml/yaml-tree.ts';

/** A hundred times a long job; whatever is larger is another file. */
const maxSizeBytes = 64 * 1024;

/**
 * Reads a job file: YAML 1.2, variables put into its strings, checked, defaults filled in. docs/job-file.md explains
 * every key.
 *
 * @param path of the file; relative to `cwd`, and shown in errors as given
 * @param env what `${VAR}` and the ROCKETCHAT_* defaults are taken from
 * @param cwd absolute; relative paths in the file (`output`, `${file:…}`) start here too, as a person who types them expects
 * @param onOutsideValue called with each value that came from a variable or a file, for whoever prints anything later; not with
 *   variables that name rooms to read
 * @throws JobError that names every problem of the file with line, column and key; rules over several values (no format
 *   twice) wait until each value is right by itself. Values of `server`, and values that
 *   came from a variable or a secret file, are in no message and no cause.
 */
export async function loadJob(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  onOutsideValue?: (value: string) => void,
): Promise<Job> {
  const parsed = parseYaml(await readText(path, cwd));
  if (parsed.kind === 'problems') {
    throw problemsError(
      path,
      parsed.problems.map(({ position, text, hint }) => entry(place(path, position), text, hint)),
    );
  }
  const { tree } = parsed;
  const expanded = await expandTree(
    tree,
    env,
    (secretPath, key) => readSecretFile(resolve(cwd, secretPath), secretPath, formatKeyPath(key)),
    onOutsideValue,
  );
  const resolution = resolveJob(expanded.value, {
    env,
    cwd,
    defaultName: basename(path, extname(path)),
    writtenAt: expanded.writtenAt,
  });
  const found = resolution.kind === 'job' ? [] : resolution.problems;
  // A string whose variable failed was checked unexpanded: what else is wrong with it is not known yet.
  const unclear = expanded.problems.map((problem) => problem.path);
  const problems = [
    ...expanded.problems,
    ...found.filter((problem) => !unclear.some((failed) => isPathWithin(problem.path, failed))),
  ];
  if (resolution.kind === 'job' && problems.length === 0) return resolution.job;

  const located = problems.map((problem) => ({ problem, position: locate(tree, problem.path, problem.at ?? 'value') }));
  located.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
  throw problemsError(
    path,
    located.map(({ problem, position }) => entry(label(path, problem, position), problem.text, problem.hint)),
  );
}

async function readText(path: string, cwd: string): Promise<string> {
  const absolute = resolve(cwd, path);
  let bytes: Buffer;
  try {
    const stats = await stat(absolute);
    if (!stats.isFile()) {
      const what = stats.isDirectory() ? 'a folder' : 'not a regular file';
      throw new JobError(`Cannot read job file "${path}": it is ${what}`, {
        hint: 'Name one YAML file, such as jobs/nightly.yaml',
      });
    }
    if (stats.size > maxSizeBytes) {
      throw new JobError(
        `Cannot read job file "${path}": it has ${stats.size} bytes, expected at most ${maxSizeBytes}`,
        {
          hint: 'Check the path: this is not a job file',
        },
      );
    }
    bytes = await readFile(absolute);
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    const code = errorCode(cause) ?? String(cause);
    const isDenied = code === 'EACCES' || code === 'EPERM';
    const why = isDenied ? `permission denied (${code})` : code;
    throw new JobError(`Cannot read job file "${path}": ${code === 'ENOENT' ? 'there is no such file' : why}`, {
      hint: isDenied
        ? 'Give this user permission to read the file and to enter its folders'
        : 'Check the path; it starts from the current folder',
      cause,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new JobError(`Cannot read job file "${path}": it is not UTF-8 text`, { hint: 'Save it as UTF-8' });
  }
}

function place(path: string, { line, column }: Position): string {
  return `${path}:${line}:${column}`;
}

function label(path: string, { path: keyPath, variable }: JobProblem, position: Position): string {
  if (variable !== undefined) return `variable ${variable}`;
  return keyPath.length === 0 ? place(path, position) : `${place(path, position)} ${formatKeyPath(keyPath)}`;
}

function entry(label: string, text: string, hint: string | undefined) {
  return { line: `${label}: ${text}`, ...(hint === undefined ? {} : { hint }) };
}

function problemsError(path: string, lines: readonly { readonly line: string; readonly hint?: string }[]): JobError {
  return new JobError(formatProblems(`Cannot use job file "${path}"`, lines), {
    hint: 'Every key is explained in docs/job-file.md',
  });
}
