import { html, type Child, type Html } from '../../transcript/markup/html.ts';
import { plainName } from '../../transcript/markup/plain-name.ts';
import { count, counted } from '../../model/text/counted.ts';
import { barTable } from '../charts/bar-table.ts';
import { binLike } from '../charts/bins.ts';
import { numbersTable } from '../charts/numbers-table.ts';
import { shareText } from '../charts/percent.ts';
import { condensed, sparkLine } from '../charts/spark-line.ts';
import type { PersonFigures } from '../figures/message-tally.ts';
import { halfOf, mostFirst } from './most-first.ts';
import type { ReportFacts } from './report-facts.ts';

const shown = 15;
const listed = 500;

/** Who wrote it. */
export function peopleSection({ messages: { tally }, time }: ReportFacts): Child {
  if (tally.messages === 0) return null;
  const people = mostFirst(tally.people, ({ messages }) => messages);
  if (people.length === 0)
    return html`<section id="people">
      <h2>People</h2>
      <p>The job dropped the columns that say who wrote.</p>
    </section>`;
  const bots = people.filter(({ isBot }) => isBot).length;
  const active = new Map<number, number>();
  for (const { weeks, isBot } of people)
    if (!isBot) for (const week of weeks) active.set(week, (active.get(week) ?? 0) + 1);
  const mostActive = Math.max(0, ...active.values());
  return html`<section id="people">
    <h2>People</h2>
    <p>
      ${halfOf(
        `${counted(people.length - bots, 'person', 'people')}${bots === 0 ? '' : ` and ${counted(bots, 'bot')}`}`,
        people.map(({ messages }) => messages),
      )}
      In the liveliest week ${mostActive === 1 ? 'one person' : `${count(mostActive)} people`} wrote.
    </p>
    <figure>
      ${barTable({
        label: 'People with the most messages',
        columns: ['Person', 'Messages'],
        pictures: 'Weeks with a message',
        rows: people.slice(0, shown).map((person) => ({
          name: personName(person),
          about: aboutPerson(person),
          value: person.messages,
          picture: sparkLine(
            condensed(
              binLike(time.bins, new Map([...person.weeks].map((week) => [week, 1]))).map(({ value }) => value),
            ),
          ),
          share: shareText(person.messages, tally.messages),
        })),
      })}
      ${
        people.length > shown &&
        numbersTable({
          caption: 'All people',
          columns: ['Person', 'Username', 'Messages', 'Weeks with a message'],
          rows: people
            .slice(0, listed)
            .map((person) => [
              personName(person),
              html`<bdi>${plainName(person.username ?? '')}</bdi>${person.isBot && ' (bot)'}`,
              count(person.messages),
              count(person.weeks.size),
            ]),
          left: people.length - listed,
        })
      }
    </figure>
  </section>`;
}

function personName({ name, username }: PersonFigures): Html {
  return html`<bdi>${plainName(name ?? username ?? 'no name')}</bdi>`;
}

function aboutPerson({ name, username, isBot }: PersonFigures): Child {
  const handle = name !== null && username !== null && name !== username && html`<bdi>@${plainName(username)}</bdi>`;
  if (!isBot) return handle === false ? undefined : handle;
  return handle === false ? 'bot' : html`${handle}, bot`;
}
