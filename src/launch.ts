#!/usr/bin/env node
/**
 * What the command starts: refuses a Node that is too old, in one sentence, before it loads what such a Node cannot
 * parse. The build therefore compiles this file by itself and for old engines.
 */
import type * as NodeModule from 'node:module';

const oldest = { major: 20, minor: 19 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
  process.stderr.write(
    `rocketchat-export needs Node.js ${oldest.major}.${oldest.minor} or newer, and this is ${process.versions.node}\n`,
  );
  // EX_CONFIG of sysexits.h, as for a job that does not fit.
  process.exitCode = 78;
} else {
  void import('node:module')
    .then((nodeModule) => {
      keepCompiled(nodeModule);
      return import('./bin.ts');
    })
    .catch(reportFailedStart);
}

/** Nothing of the program is there yet to report it. Exit code 73 as for every limit of the system that is in the way. */
function reportFailedStart(error: unknown): void {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const tooMany = ['too many files are open', 'Raise the limit of open files (ulimit -n) to 256 at least'];
  const refusals: Readonly<Record<string, readonly string[]>> = {
    EMFILE: tooMany,
    ENFILE: tooMany,
    ERR_ACCESS_DENIED: [
      'Node.js denies access to its files',
      'Add --allow-fs-read, --allow-fs-write and --allow-worker to --permission, or run Node.js without it',
    ],
  };
  if (typeof code !== 'string') throw error;
  const refusal = refusals[code];
  if (refusal === undefined) throw error;
  const [what, hint] = refusal;
  process.stderr.write(`error: Cannot load the program: ${what} (${code})\nhint: ${hint}\n`);
  process.exitCode = 73;
}

/** Types are those of the oldest Node: from 22.8 on, V8's code of the modules is kept on the disk. */
type NewerModule = typeof NodeModule & { readonly enableCompileCache?: () => { readonly directory?: string } };

function keepCompiled({ enableCompileCache }: NewerModule): void {
  const directory = enableCompileCache?.().directory;
  // Worker threads keep theirs by the environment only.
  if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] = directory;
}
