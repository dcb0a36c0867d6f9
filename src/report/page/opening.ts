import { html, type Html } from '../../transcript/markup/html.ts';
import { plainName } from '../../transcript/markup/plain-name.ts';
import { bytesText } from '../../transcript/text/bytes-text.ts';
import { count, counted } from '../../model/text/counted.ts';
import type { ReportFacts } from './report-facts.ts';

/** What archive this is, in a few large numbers. */
export function opening({ messages, history, zone, transcriptLink }: ReportFacts): Html {
  const { tally, conversations } = messages;
  const { links, newestRun } = history;
  const people = tally.people.filter(({ isBot }) => !isBot).length;
  const reactions = [...tally.reactions.values()].reduce((sum, count) => sum + count, 0);
  const figures: readonly (readonly [number, string, string])[] = [
    [tally.messages, 'message', 'messages'],
    [tally.rooms.length, 'room', 'rooms'],
    [people, 'person who wrote', 'people who wrote'],
    [conversations.threads, 'thread', 'threads'],
    [reactions, 'reaction', 'reactions'],
  ];
  return html`<header class="page">
      <p class="kind">Report</p>
      <h1><bdi>${plainName(newestRun.server.url.replace(/^https?:\/\//, ''))}</bdi></h1>
      <p class="subtitle">
        ${tally.messages === 0 ? 'No messages' : `${zone.day(tally.firstMs)} to ${zone.day(tally.lastMs)}`} · as of run
        ${newestRun.run}, ${zone.both(Date.parse(newestRun.finishedAt))}
      </p>
    </header>
    <ul class="figures">
      ${figures.map(([value, one, many]) => html`<li><b>${count(value)}</b> ${value === 1 ? one : many}</li>`)}
      <li><b>${bytesText(links.at(-1)?.archiveBytes ?? 0)}</b> in the archive</li>
    </ul>
    ${transcriptLink !== null && html`<p><a href="${transcriptLink}">Read the messages in the transcript</a></p>`}
    ${tally.systemMessages > 0 && html`<p class="note">Not counted here: ${counted(tally.systemMessages, 'system message')} (somebody joined, a topic was changed), and deleted messages; a transcript shows both.${tally.byBots > 0 && ` Counted: ${counted(tally.byBots, 'message')} of bots.`}</p>`}
    ${messages.table === 'mentioned_messages' && html`<p class="note">The job made no table of all messages: these are the ones that mention its login.</p>`}
    ${tally.misplaced > 0 && html`<p class="note">Not counted: ${counted(tally.misplaced, 'row')} without a room or a time.</p>`}`;
}
