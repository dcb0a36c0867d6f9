import { html, type Html } from '../../transcript/markup/html.ts';
import { count, counted } from '../../model/text/counted.ts';
import { binText, dayText, type Binned } from '../charts/bins.ts';
import { heatMap, weekdays } from '../charts/heat-map.ts';
import { numbersTable } from '../charts/numbers-table.ts';
import { shareText } from '../charts/percent.ts';
import { timeBars } from '../charts/time-bars.ts';
import type { ReportFacts } from './report-facts.ts';

/** When it was written. */
export function activity({ messages: { tally }, time, zone }: ReportFacts): Html {
  const { unit, bins, outside } = time;
  if (bins.length === 0)
    return html`<section id="activity">
      <h2>Messages</h2>
      <p>The archive holds no messages.</p>
    </section>`;
  const [busiest = [0, 0]] = [...tally.byDay].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const perUnit = `Messages per ${unit}`;
  return html`<section id="activity">
    <h2>${perUnit}</h2>
    <p>
      The busiest day was ${dayText(busiest[0])}, with ${counted(busiest[1], 'message')}. Messages were sent on
      ${counted(tally.byDay.size, 'day')}, ${count(Math.round(tally.messages / tally.byDay.size))} a day on
      average.${tally.edited > 0 && ` Edited since: ${shareText(tally.edited, tally.messages)} of all messages.`}
    </p>
    <figure>
      ${timeBars(bins, unit, `${perUnit}, ${spanOf(time)}; the busiest day was ${dayText(busiest[0])}`)}
      ${outside > 0 && html`<figcaption>Not in the picture: ${counted(outside, 'message')} of dates far from all others.</figcaption>`}
      ${numbersTable({
        caption: perUnit,
        columns: [unit === 'week' ? 'Week from' : unit, 'Messages'],
        rows: bins.map((bin) => [binText(unit, bin), count(bin.value)]),
      })}
    </figure>
    <h3>Hours of the week</h3>
    <p>${hoursText(tally.byHour, tally.messages)} (${zone.zone}).</p>
    <figure>
      ${heatMap(tally.byHour, `Messages by weekday and hour. ${hoursText(tally.byHour, tally.messages)}`)}
      ${numbersTable({
        caption: 'Messages by weekday and hour',
        columns: ['Hour', ...weekdays.map((day) => day.slice(0, 3))],
        rows: Array.from({ length: 24 }, (_, hour) => [
          `${String(hour).padStart(2, '0')}:00`,
          ...weekdays.map((_day, day) => count(tally.byHour[day * 24 + hour] ?? 0)),
        ]),
      })}
    </figure>
  </section>`;
}

function spanOf({ unit, bins }: Binned): string {
  const [first, last] = [bins[0], bins.at(-1)];
  return first === undefined || last === undefined ? '' : `${binText(unit, first)} to ${binText(unit, last)}`;
}

function hoursText(byHour: readonly number[], messages: number): string {
  const weekend = byHour.slice(120).reduce((sum, count) => sum + count, 0);
  const busiest = byHour.indexOf(Math.max(...byHour));
  const from = busiest % 24;
  return `The busiest hour is ${weekdays[Math.floor(busiest / 24)] ?? ''} from ${from}:00 to ${from + 1}:00; ${shareText(weekend, messages)} of messages are sent at weekends`;
}
