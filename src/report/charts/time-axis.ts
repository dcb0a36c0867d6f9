import { scaleUtc } from 'd3-scale';
import { dayMs } from '../../model/time/durations.ts';
import { html, type Html } from '../../transcript/markup/html.ts';
import { percent } from './percent.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const yearMs = 365.25 * dayMs;

/** A stretch of time as wide as its picture. */
interface TimeAxis {
  /** From 0 to 1. */
  at(ms: number): number;
  /** Days, months or years below the picture. */
  ticks(y: number): Html;
}

/** @param toMs later than `fromMs` */
export function timeAxis(fromMs: number, toMs: number): TimeAxis {
  const scale = scaleUtc().domain([fromMs, toMs]).range([0, 1]);
  const wanted = scale.ticks(7).filter((date) => scale(date) < 0.97);
  const spanMs = toMs - fromMs;
  return {
    at: (ms) => scale(ms),
    ticks: (y) => {
      const labels = wanted.map((date, at) => {
        const x = scale(date);
        // What stands at an end must not stick out.
        const anchor = x < 0.05 ? 'start' : x > 0.9 ? 'end' : 'middle';
        return html`<text
          x="${percent(x)}"
          y="${y}"
          class="${at % 2 === 0 ? 'tick' : 'tick odd'}"
          text-anchor="${anchor}"
          >${tickText(date, spanMs, at === 0)}</text
        >`;
      });
      return html`<g>${labels}</g>`;
    },
  };
}

function tickText(date: Date, spanMs: number, isFirst: boolean): string {
  const year = String(date.getUTCFullYear());
  const month = months[date.getUTCMonth()] ?? '';
  if (spanMs > 6 * yearMs) return year;
  const isMonth = date.getUTCDate() === 1 && spanMs > yearMs / 3;
  if (isMonth) return isFirst || date.getUTCMonth() === 0 || spanMs > 2 * yearMs ? `${month} ${year}` : month;
  if (spanMs < 3 * dayMs && date.getUTCHours() + date.getUTCMinutes() > 0) return date.toISOString().slice(-13, -8);
  return isFirst ? `${month} ${date.getUTCDate()}, ${year}` : `${month} ${date.getUTCDate()}`;
}
