import { dayMs } from '../../model/time/durations.ts';
import { html, type Html } from '../../transcript/markup/html.ts';
import { count } from '../../model/text/counted.ts';
import { binText, type Bin, type BinUnit } from './bins.ts';
import { percent } from './percent.ts';
import { timeAxis } from './time-axis.ts';
import { valueAxis } from './value-axis.ts';

const height = 200;

/**
 * Bars over time, as wide as the page and with text that is not scaled with it.
 *
 * @param bins at least one
 * @param label what is to be seen, for those who do not see it
 */
export function timeBars(bins: readonly Bin[], unit: BinUnit, label: string): Html {
  const [from, to] = [(bins[0]?.start ?? 0) * dayMs, (bins.at(-1)?.end ?? 1) * dayMs];
  const time = timeAxis(from, to);
  const values = valueAxis(Math.max(...bins.map(({ value }) => value)), height, count);
  const bars = bins.map((bin) => {
    if (bin.value === 0) return null;
    const [x, end] = [time.at(bin.start * dayMs), time.at(bin.end * dayMs)];
    const y = Math.min(values.y(bin.value), height - 1);
    return html`<rect
      x="${percent(x)}"
      width="${percent((end - x) * 0.82)}"
      y="${y}"
      height="${Math.round((height - y) * 10) / 10}"
      ><title>${binText(unit, bin)}: ${count(bin.value)}</title></rect
    >`;
  });
  return html`<div class="framed">
    ${values.labels}<svg class="chart" width="100%" height="${height + 24}" role="img" aria-label="${label}">
      ${values.lines}
      <g class="fill">${bars}</g>
      ${time.ticks(height + 18)}
    </svg>
  </div>`;
}
