import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { loginUser } from '../../../src/demo/sample/people.ts';
import type { Job } from '../../../src/job/job.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { runJob } from '../../../src/pipeline.ts';
import type { RunOptions } from '../../../src/environment.ts';
import { leapingClock } from '../clocks/leaping-clock.ts';
import { smallStartMs } from '../workspaces/small-workspace.ts';
import { mentionOfTheLogin, type ChangingArchive } from './changing-archive.ts';
import { newProcess } from './new-process.ts';

const secondsOfANight = 1_000;

/** When a night's run begins, in seconds from the first message of the rooms. */
export const nightAt = (night: number): number => secondsOfANight * (night + 1);

/** What happens in the room `ops` before a night's run: posts, edits, reactions and deletions, also of old messages. */
export function liveADay(archive: ChangingArchive, day: number): void {
  const at = nightAt(day) - 500;
  archive.post(`day-${day}-a`, at, { msg: `=1+${day}, "quoted", ünïcode\nand more`, mentions: mentionOfTheLogin });
  archive.post(`day-${day}-b`, at + 1, {
    msg: `see https://example.org/${day}`,
    md: [{ type: 'PARAGRAPH', value: [linkTo(`https://example.org/${day}`)] }],
    reactions: { ':ok:': { usernames: [sampleLogin.user] } },
  });
  archive.post(`day-${day}-c`, at + 2, {
    msg: '',
    attachments: [{ title: `file ${day}`, text: 'x' }],
  });
  archive.edit(`ops-${day}`, at + 3, {
    msg: `edited on day ${day}`,
    editedAt: new Date(smallStartMs + (at + 3) * 1_000).toISOString(),
    editedBy: { _id: loginUser._id, username: loginUser.username },
    reactions: { ':+1:': { usernames: [sampleLogin.user] } },
  });
  archive.remove(`ops-${day + 15}`, at + 4);
  if (day > 1) archive.remove(`day-${day - 1}-b`, at + 5);
}

/** Runs a job in an archive of its own, on the night of a day. */
export function runAtNight(job: Job, night: number, fields: RunOptions = {}): Promise<Manifest> {
  const clock = leapingClock(smallStartMs + nightAt(night) * 1_000);
  return runJob(job, newProcess({ clock, ...fields }));
}

function linkTo(address: string): Readonly<Record<string, unknown>> {
  const text = { type: 'PLAIN_TEXT', value: address };
  return { type: 'LINK', value: { src: text, label: [text] } };
}
