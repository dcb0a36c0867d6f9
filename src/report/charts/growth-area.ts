import { dayMs } from '../../model/time/durations.ts';
import { html, type Html } from '../../transcript/markup/html.ts';
import { timeAxis } from './time-axis.ts';
import { valueAxis } from './value-axis.ts';

const height = 160;
const unitsWide = 1000;

export interface GrowthPoint {
  readonly atMs: number;
  readonly value: number;
}

/** What grew, step by step. @param points at least one, in the order of time */
export function growthArea(points: readonly GrowthPoint[], text: (value: number) => string, label: string): Html {
  const [first, last] = [points[0]?.atMs ?? 0, points.at(-1)?.atMs ?? 0];
  // One run alone has a width of its own: a day.
  const time = timeAxis(first, Math.max(last, first + dayMs));
  const values = valueAxis(Math.max(...points.map(({ value }) => value)), height, text);
  const x = (ms: number): number => Math.round(time.at(ms) * unitsWide * 10) / 10;
  const steps = points.map(({ atMs, value }) => `H${x(atMs)}V${values.y(value)}`).join('');
  const line = `M0 ${height}${steps}H${unitsWide}`;
  return html`<div class="framed">
    ${values.labels}<svg class="chart" width="100%" height="${height + 24}" role="img" aria-label="${label}">
      ${values.lines}
      <svg width="100%" height="${height}" viewBox="0 0 ${unitsWide} ${height}" preserveAspectRatio="none">
        <path class="area" d="${line}V${height}Z" />
        <path class="line" d="${line}" />
      </svg>
      ${time.ticks(height + 18)}
    </svg>
  </div>`;
}
