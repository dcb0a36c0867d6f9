import { html, type Html } from '../../transcript/markup/html.ts';
import { percent } from './percent.ts';

const height = 20;

/** Small bars over time, beside a name. What they say stands in the table behind the large picture. */
export function sparkLine(values: readonly number[]): Html {
  const most = Math.max(1, ...values);
  const bars = values.map((value, at) => {
    if (value === 0) return null;
    const tall = Math.max(1, Math.round((value / most) * height * 10) / 10);
    return html`<rect
      x="${percent(at / values.length)}"
      y="${Math.round((height - tall) * 10) / 10}"
      width="${percent(0.8 / values.length)}"
      height="${tall}"
    />`;
  });
  return html`<svg class="soft" width="100%" height="${height}" aria-hidden="true" focusable="false">${bars}</svg>`;
}

/** As many values as a small picture has room for, neighbours added up. */
export function condensed(values: readonly number[], most = 40): readonly number[] {
  const each = Math.max(1, Math.ceil(values.length / most));
  const sums: number[] = [];
  for (const [at, value] of values.entries()) {
    const index = Math.floor(at / each);
    sums[index] = (sums[index] ?? 0) + value;
  }
  return sums;
}
