import { parseCommandLine } from './command-line.ts';
import { reportError } from './log/report-error.ts';
import type { Secrets } from './log/secrets.ts';
import { hidingLog } from './log/hiding-log.ts';
import { type Log } from './log/log.ts';
import { createLog } from './log/create-log.ts';
import { commands } from './commands.ts';
import type { ProcessContext } from './process-context.ts';

/** The program: reads the command line, runs the command, reports what failed. @returns the exit code; never throws */
export async function main(processContext: ProcessContext, secrets: Secrets): Promise<number> {
  let log: Log = hidingLog(await createLog({ quiet: false, verbose: false }, processContext), secrets);
  try {
    const invocation = parseCommandLine(processContext.argv, commands, processContext.stdout.columns);
    if (invocation.kind === 'print') {
      processContext.stdout.write(invocation.text);
      return 0;
    }
    log = hidingLog(await createLog(invocation.log, processContext), secrets);
    return await invocation.run({
      processContext,
      log,
      quiet: invocation.log.quiet,
      keepSecret: (secret) => secrets.add(secret),
      onOutsideValue: (value) => secrets.addOutside(value),
      print: (text) => processContext.stdout.write(secrets.hide(text)),
      hide: (text) => secrets.hide(text),
      fail: (error) => reportError(error, log),
    });
  } catch (error) {
    return reportError(error, log);
  }
}
