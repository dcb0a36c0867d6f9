import { resolve } from 'node:path';
import { exitCodes } from '../../../errors.ts';
import { omitUndefined } from '../../../omit-undefined.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { defineCommand } from '../../command.ts';

export const search = defineCommand({
  name: 'search',
  usage: 'search <archive> <words..>',
  summary: 'Find messages of an archive by their words, newest first',
  description: `Finds messages that have all the words, in any order: in what they say now, in what they said before as far as the archive knows, in the names and texts of their attachments; deleted messages, too. Case does not count, and "muller" finds "Müller". A word is found whole, but for the last and for one with * behind it, which may be the beginning of a longer one. What stands in double quotes must stand so in the message: quote it once more for the shell ('"quarterly report"'). Chinese, Japanese, Korean and Thai words are found within others. No word can be left out: -word finds what word does; what begins with two dashes stands behind -- (search output/nightly -- --force).

Asks the index of the transcript that a job with transcript: true keeps in the archive, if no run has come after it: at once, however many messages there are. Else reads the rows, which takes longer and finds the same; no file is read whose bytes are not what its manifest says. The index itself is in no manifest. Works offline and changes nothing in the archive.`,
  positionals: {
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
    words: { type: 'string', array: true, demandOption: true, describe: 'What to find' },
  },
  looksForWords: true,
  options: {
    room: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only this room: its id, name or title; may be repeated',
    },
    user: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only messages of this user: id or username; may be repeated',
    },
    since: {
      type: 'string',
      requiresArg: true,
      describe: 'Only messages sent then or later: a date (in UTC) or a time with its zone',
    },
    until: { type: 'string', requiresArg: true, describe: 'Only messages sent before then' },
    json: {
      type: 'boolean',
      describe: 'Print each message to stdout as a line of JSON; its "place" is a path within the archive',
    },
  },
  examples: [
    ['search output/nightly invoice berlin', 'messages with both words'],
    ['search output/nightly \'"quarterly report"\' --user anna --since 2026-01-01', 'two words that stand together'],
    ['search output/nightly deploy --json | jq -r .messageId', 'the same for a script'],
  ],
  notes: ['Exit code 1 means that no message was found.', exitCodeTable([0, 2, 64, 70, 73, 75, 130, 143])],
  run: async ({ archive, words, room, user, since, until, json }, { processContext, log, print }) => {
    const { searchArchive } = await import('../../../transcript/search-archive.ts');
    const { ZonedTime } = await import('../../../transcript/text/zoned-time.ts');
    const { periodOf } = await import('./period-of.ts');
    const { foundMessageText } = await import('../../result/found-message-text.ts');
    const users = user === undefined ? undefined : new Set(user.map((name) => name.replace(/^@/, '')));
    const asked = words.join(' ');
    const { expectOneArchive } = await import('./expect-one-archive.ts');
    await expectOneArchive(processContext.cwd, archive, words);
    const { source, isCapped, notes, messages } = await searchArchive(resolve(processContext.cwd, archive), asked, {
      ...omitUndefined({ rooms: room }),
      selection: omitUndefined({ users, ...periodOf({ since, until }, new ZonedTime('UTC')) }),
      signal: processContext.interruption(),
      onRows: (rows, of) => log.status(() => `reading ${archive}: ${count(rows)} of ${counted(of, 'row')}`),
    });
    log.status(null);
    let found = 0;
    for await (const { excerpt, ...message } of messages) {
      found += 1;
      if (json === true) processContext.stdout.write(`${JSON.stringify(message)}\n`);
      else print(foundMessageText({ ...message, excerpt }, archive));
    }
    const from = source === 'index' ? 'the index of its transcript, which no manifest vouches for' : 'its rows';
    const facts = { archive, words: asked, found, source };
    if (/(?:^|\s)-[\p{L}\p{N}]/u.test(asked))
      log.warn(`${archive}: a - leaves no word out: messages with the word behind it are what is found`, facts);
    for (const note of notes) log.warn(`${archive}: ${note}`, facts);
    if (isCapped) log.warn(`${archive}: there may be more: too many words begin like "${asked}"`, facts);
    if (found > 0) {
      log.info(`${archive}: ${counted(found, 'message')} found in ${from}`, facts);
      return exitCodes.complete;
    }
    log.warn(`${archive}: no message was found for "${asked}" in ${from}`, facts);
    return exitCodes.gaps;
  },
});
