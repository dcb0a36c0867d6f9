import { html, type Html } from '../../transcript/markup/html.ts';
import { count } from '../../model/text/counted.ts';
import { percent } from './percent.ts';

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const rowHeight = 22;
const left = 0.09;
const levels = 5;

/** The hours of a week, darker where more was written. @param byHour 168 counts, Monday 0:00 first */
export function heatMap(byHour: readonly number[], label: string): Html {
  const most = Math.max(1, ...byHour);
  const cell = (1 - left) / 24;
  const cells = byHour.map((value, at) => {
    const [day, hour] = [Math.floor(at / 24), at % 24];
    // By the root, so that quiet hours differ from empty ones beside a busy one.
    const level = value === 0 ? 0 : Math.max(1, Math.ceil(Math.sqrt(value / most) * levels));
    return html`<rect
      class="l${level}"
      x="${percent(left + hour * cell)}"
      y="${day * rowHeight}"
      width="${percent(cell * 0.93)}"
      height="${rowHeight - 2}"
      rx="2"
      ><title>${weekdays[day] ?? ''} ${hour}:00: ${count(value)}</title></rect
    >`;
  });
  const bottom = 7 * rowHeight;
  return html`<svg class="chart" width="100%" height="${bottom + 20}" role="img" aria-label="${label}">
    <g class="heat">${cells}</g>
    <g>
      ${weekdays.map((day, at) => html`<text x="0" y="${at * rowHeight + 15}" class="tick">${day.slice(0, 3)}</text>`)}
    </g>
    <g>
      ${[0, 6, 12, 18].map((hour) => html`<text x="${percent(left + hour * cell)}" y="${bottom + 14}" class="tick">${String(hour).padStart(2, '0')}:00</text>`)}
    </g>
  </svg>`;
}
