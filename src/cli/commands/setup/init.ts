import { basename, isAbsolute, join, resolve } from 'node:path';
import { exitCodes, UsageError } from '../../../errors.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { loginVariables } from '../../report/help-texts.ts';
import { shellWord } from '../../../shell-word.ts';
import { calledAs } from '../../called-as.ts';
import { defineCommand } from '../../command.ts';
import { purposeChoices, purposes, sampleJobs, type Purpose } from '../../init/purpose.ts';
import { withConnection } from '../../with-connection.ts';
import { expectNoPassword } from '../../arguments/expect-no-password.ts';

export const init = defineCommand({
  name: 'init',
  usage: 'init [job]',
  summary: 'Ask what to export, write a job file and a file with the login, and check them',
  description: `Asks for the workspace, a login, what the export is for and which rooms; logs in, shows the rooms, and writes two files: the job, with comments, and the login as variables, readable by you only; for compliance also a key that signs the archive. Then it checks the job as "check" does and says the next command. It overwrites nothing, and leaves neither file where the check fails.

What flags and variables say is not asked for, so that scripts can use it: without a terminal everything must be given.`,
  positionals: {
    job: {
      type: 'string',
      describe: 'The job file to write; default: archive.yaml, compliance.yaml or analytics.yaml',
    },
  },
  options: {
    url: { type: 'string', requiresArg: true, describe: 'Address of the workspace; default: ROCKETCHAT_URL' },
    code: {
      type: 'string',
      requiresArg: true,
      describe: 'Code of the second factor, for a login by password: init makes a personal access token with it',
    },
    for: { type: 'string', requiresArg: true, choices: purposes, describe: 'What the export is for' },
    rooms: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: "Rooms: names, ids, globs ('ops-*'), exclusions ('!ops-noise'); '*': every room",
    },
    output: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder of the archive; default: output/ and the name of the job file',
    },
    'env-file': {
      type: 'string',
      requiresArg: true,
      describe: 'Where to write address and login; default: the name of the job file, with .env in place of .yaml',
    },
  },
  examples: [
    ['init', 'asks everything'],
    ["init ops.yaml --for archive --rooms 'ops-*'", 'asks nothing where the variables hold the login'],
  ],
  notes: [loginVariables, exitCodeTable([0, 1, 64, 69, 70, 73, 75, 77, 78, 130, 143])],
  interrupted: { outcome: 'no file was written', hint: 'Run it again to begin anew' },
  run: async ({ job, url, code, for: purposeGiven, rooms: roomsGiven, output, envFile }, context) => {
    const { processContext, print, log } = context;
    const { cwd, env } = processContext;
    expectNoPassword(url);
    // Before anything is asked: who names a file that cannot be wants to know it now.
    if (job !== undefined) await expectFree(cwd, [yamlFile(job)]);
    const [{ askServer }, { untilLetIn }, { tokenInPlaceOf }] = await Promise.all([
      import('../../init/ask-server.ts'),
      import('../../init/until-let-in.ts'),
      import('../../init/token-in-place-of.ts'),
    ]);
    const [{ askRooms }, { isSigned, jobText }, { envText, loginVariablesOf, noLogin }] = await Promise.all([
      import('../../init/ask-rooms.ts'),
      import('../../init/job-text.ts'),
      import('../../init/env-text.ts'),
    ]);
    const prompter = (await processContext.prompter?.()) ?? null;
    if (prompter === null) expectAnswers({ '--for': purposeGiven, '--rooms': roomsGiven });

    const { withChat } = await import('../../../rocketchat/with-chat.ts');
    const { proxyFor } = await import('../../../rocketchat/http/proxy-for.ts');
    const answer = await untilLetIn(
      (knownAddress = url) => askServer(knownAddress, { ...processContext, code }, prompter),
      (server) =>
        withConnection(server, context, (connection) =>
          withChat({ ...server, ...connection, proxyFor, concurrency: 4 }, async (chat) => {
            const token = await tokenInPlaceOf(server.login, chat, processContext.clock.now(), prompter);
            if (token) log.info(`Made the personal access token "${token.name}": a code works for one login only`);
            return { token, rooms: await chat.rooms() };
          }),
        ),
      prompter,
    );
    const { token, rooms: seenRooms } = answer.result;
    const server = token === undefined ? answer.server : { ...answer.server, login: token.login };
    const asPurpose = purposes.find((known) => known === purposeGiven);
    const purpose: Purpose =
      asPurpose ?? (await prompter?.choice('What is the export for?', purposeChoices)) ?? 'archive';
    const rooms = roomsGiven ?? (await (prompter === null ? ['*'] : askRooms(seenRooms, prompter)));

    const { nodeDisk } = await import('../../../system/disk.ts');
    const jobPath = job ?? `${purpose}.yaml`;
    const name = basename(jobPath).replace(/\.ya?ml$/, '');
    const besideJob = jobPath.replace(/\.ya?ml$/, '');
    const envPath = envFile ?? `${besideJob}.env`;
    const keyPath = `${besideJob}.key`;
    const [{ jobsFolder }, { keyEndings, makeKeyFiles }] = await Promise.all([
      import('../../../jobs-folder.ts'),
      import('../../evidence/key-files.ts'),
    ]);
    const sample = String(await nodeDisk.readFile(join(jobsFolder, sampleJobs[purpose])));
    const keyPaths = isSigned(sample) ? keyEndings.map((ending) => keyPath + ending) : [];
    await expectFree(cwd, [jobPath, envPath, ...keyPaths]);
    const outputPath = output ?? `output/${name}`;
    if (output === undefined && (await nodeDisk.sizeBytes(resolve(cwd, outputPath))) !== undefined) {
      throw new UsageError(`Cannot use "${outputPath}" as the output: there is something already`, {
        hint: 'Name another folder, or this one, with --output',
      });
    }
    const [{ createChecked }, { loadJob }, { checkJob }, { checkReport }] = await Promise.all([
      import('../../init/create-checked.ts'),
      import('../../../job/load-job.ts'),
      import('../../../preview/check-job.ts'),
      import('../../report/check-report.ts'),
    ]);
    const key = keyPaths.length > 0 ? makeKeyFiles(context) : undefined;
    const schemaPath = join(jobsFolder, 'job.schema.json');
    const variables = loginVariablesOf({ address: answer.address, server });
    const files = {
      [resolve(cwd, envPath)]: envText(variables),
      ...Object.fromEntries(
        keyEndings.flatMap((ending) =>
          key === undefined ? [] : [[resolve(cwd, keyPath + ending), key.texts[ending]]],
        ),
      ),
      [resolve(cwd, jobPath)]: jobText(sample, { name, rooms, output: outputPath, keyPath, schemaPath }),
    };
    const checked = await createChecked(nodeDisk, files, async () => {
      const loaded = await loadJob(jobPath, { ...env, ...noLogin, ...variables }, cwd, context.onOutsideValue);
      return withConnection(loaded.server, context, (connection) => checkJob(loaded, connection));
    });
    print(`${checkReport(checked, processContext.stdout.columns)}
wrote ${jobPath} and, readable by you only, ${[envPath, ...keyPaths].join(', ')}
${key === undefined ? '' : `fingerprint of the key: ${key.fingerprint}; give ${keyPath}.pub.pem to those who are to check the archive\n`}next: set -a && . ${shellWord(isAbsolute(envPath) ? envPath : `./${envPath}`)} && set +a && ${calledAs(env)} run ${shellWord(jobPath)}
`);
    return checked.rooms.some(({ result }) => result === 'refused') ? exitCodes.gaps : exitCodes.complete;
  },
});

/** @throws UsageError for a name by which neither people nor editors know a job file */
function yamlFile(path: string): string {
  if (/[^/\\]\.ya?ml$/.test(path)) return path;
  throw new UsageError(`Cannot write the job "${path}": expected a name that ends in .yaml`, {
    hint: `For example ${path.replace(/[/\\]+$/, '').replace(/(?<=[^/\\])\.\w+$/, '')}.yaml`,
  });
}

/** @throws UsageError for a file that is there */
async function expectFree(cwd: string, paths: readonly string[]): Promise<void> {
  const { nodeDisk } = await import('../../../system/disk.ts');
  for (const path of paths) {
    if ((await nodeDisk.sizeBytes(resolve(cwd, path))) === undefined) continue;
    throw new UsageError(`Cannot write "${path}": there is such a file`, { hint: 'Name another, or move it away' });
  }
}

/** @throws UsageError that names what nobody can be asked for */
function expectAnswers(answers: Readonly<Record<string, unknown>>): void {
  const missing = Object.entries(answers).flatMap(([flag, answer]) => (answer === undefined ? [flag] : []));
  if (missing.length === 0) return;
  throw new UsageError(`Missing ${missing.join(' and ')}`, { hint: 'Without a terminal nothing can be asked' });
}
