import { dayMs, hourMs, minuteMs } from '../../model/time/durations.ts';
import { html, type Child, type Html } from '../../transcript/markup/html.ts';
import { counted } from '../../model/text/counted.ts';
import { barTable } from '../charts/bar-table.ts';
import { shareText } from '../charts/percent.ts';
import { spanText } from '../charts/span-text.ts';
import type { ReportFacts } from './report-facts.ts';

const answerBands: readonly (readonly [name: string, belowMs: number])[] = [
  ['within a minute', minuteMs],
  ['1 to 5 minutes', 5 * minuteMs],
  ['5 to 15 minutes', 15 * minuteMs],
  ['15 to 60 minutes', hourMs],
  ['1 to 4 hours', 4 * hourMs],
  ['4 to 24 hours', dayMs + 1],
  ['later', Infinity],
];

const sizeBands: readonly (readonly [name: string, below: number])[] = [
  ['1 reply', 2],
  ['2 or 3 replies', 4],
  ['4 to 7 replies', 8],
  ['8 to 15 replies', 16],
  ['16 and more', Infinity],
];

/** How people answer each other. */
export function conversationsSection({ messages: { conversations, tally } }: ReportFacts): Child {
  const { threads, replies, repliesByThread, threadAnswersMs, measuredThreads, openings, openingAnswersMs } =
    conversations;
  if (tally.messages === 0 || tally.people.length === 0) return null;
  return html`<section id="answers">
    <h2>Answers</h2>
    <div class="pair">
      <div>
        <h3>In rooms</h3>
        <p>
          ${counted(openings, 'time')} somebody wrote into a room that had been quiet for an hour.
          ${answered(openingAnswersMs, openings, 'within a day')}
        </p>
        ${answers('Time to the first answer in rooms', openingAnswersMs, openings, dayMs + 1)}
      </div>
      <div>
        <h3>In threads</h3>
        ${
          threads === 0
            ? html`<p>No message has replies in a thread.</p>`
            : html`<p>
                  ${counted(threads, 'thread')} with ${counted(replies, 'reply', 'replies')}.
                  ${answered(threadAnswersMs, measuredThreads, 'in the thread')}
                </p>
                ${answers('Time to the first answer in threads', threadAnswersMs, measuredThreads, Infinity)}`
        }
      </div>
    </div>
    ${
      threads > 0 &&
      html`<h3>Length of threads</h3>
        <figure>
          ${barTable({
            label: 'Threads by their number of replies',
            columns: ['Replies', 'Threads'],
            rows: inBands(repliesByThread, sizeBands).map(({ name, value }) => ({
              name,
              value,
              share: shareText(value, threads),
            })),
          })}
        </figure>`
    }
    <p class="note">
      An answer is the next message by another person; bots neither ask nor answer. Writing without an answer is no
      failing: announcements want none.
    </p>
  </section>`;
}

function answered(timesMs: readonly number[], asked: number, where: string): Html {
  if (timesMs.length === 0) return html`Nobody else answered ${where}.`;
  const at = (share: number): string => spanText(timesMs[Math.ceil(timesMs.length * share) - 1] ?? 0);
  return html`Somebody else answered ${shareText(timesMs.length, asked)} of them ${where}:
    <strong>half within ${at(0.5)}</strong>, nine of ten within ${at(0.9)}.`;
}

function answers(label: string, timesMs: readonly number[], asked: number, mostMs: number): Child {
  if (asked === 0) return null;
  const bands = answerBands.filter(([, belowMs]) => belowMs <= mostMs || mostMs === Infinity);
  const rows = [
    ...inBands(timesMs, bands),
    { name: mostMs === Infinity ? 'by nobody else' : 'not within a day', value: asked - timesMs.length },
  ];
  return html`<figure>
    ${barTable({
      label,
      columns: ['Answered', 'Times'],
      rows: rows.map(({ name, value }) => ({ name, value, share: shareText(value, asked) })),
    })}
  </figure>`;
}

function inBands(
  values: readonly number[],
  bands: readonly (readonly [name: string, below: number])[],
): readonly { readonly name: string; readonly value: number }[] {
  const counts = bands.map(() => 0);
  for (const value of values) {
    const band = bands.findIndex(([, below]) => value < below);
    counts[band] = (counts[band] ?? 0) + 1;
  }
  return bands.map(([name], at) => ({ name, value: counts[at] ?? 0 }));
}
