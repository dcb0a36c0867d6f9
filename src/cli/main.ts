import { parseCommandLine } from './command-line.ts';
import { reportError } from './log/report-error.ts';
import type { Secrets } from './log/secrets.ts';
import { hidingTalk } from './log/hiding-talk.ts';
import { type Talk } from './log/talk.ts';
import { createTalk } from './log/create-talk.ts';
import { verbs } from './verbs.ts';
import type { World } from './world.ts';

/** The program: reads the command line, runs the verb, reports what failed. @returns the exit code; never throws */
export async function main(world: World, secrets: Secrets): Promise<number> {
  let talk: Talk = hidingTalk(await createTalk({ quiet: false, verbose: false }, world), secrets);
  try {
    const command = parseCommandLine(world.argv, verbs, world.stdout.columns);
    if (command.kind === 'print') {
      world.stdout.write(command.text);
      return 0;
    }
    talk = hidingTalk(await createTalk(command.talk, world), secrets);
    return await command.run({
      world,
      talk,
      quiet: command.talk.quiet,
      keepSecret: (secret) => secrets.add(secret),
      onOutsideValue: (value) => secrets.addOutside(value),
      print: (text) => world.stdout.write(secrets.hide(text)),
      fail: (error) => reportError(error, talk),
    });
  } catch (error) {
    return reportError(error, talk);
  }
}
