import { scaleLinear } from 'd3-scale';
import { html, type Html } from '../../transcript/markup/html.ts';

/** Values as heights: 0 at the bottom. */
interface ValueAxis {
  /** From the top, in pixels. */
  y(value: number): number;
  /** Lines across the picture. */
  readonly lines: Html;
  /** Their numbers: a picture of its own, left of the other. */
  readonly labels: Html;
}

/** Above the uppermost line, for half of its number. */
const headroom = 8;
/** Wide enough for a digit of the font that is used. */
const digitWidth = 7.5;

export function valueAxis(most: number, height: number, text: (value: number) => string): ValueAxis {
  const scale = scaleLinear()
    .domain([0, Math.max(1, most)])
    .nice(4)
    .range([height, headroom]);
  // No half messages.
  const ticks = scale.ticks(4).filter((value) => Number.isInteger(value));
  const texts = ticks.map(text);
  const rounded = (value: number): number => Math.round(scale(value) * 10) / 10;
  return {
    y: rounded,
    lines: html`<g class="grid"
      >${ticks.map((value) => html`<line x1="0" x2="100%" y1="${rounded(value)}" y2="${rounded(value)}" class="${value === 0 ? 'base' : ''}" />`)}</g
    >`,
    labels: html`<svg
      class="axis"
      width="${Math.ceil(Math.max(...texts.map(({ length }) => length)) * digitWidth) + 8}"
      height="${height + 24}"
      aria-hidden="true"
      focusable="false"
    >
      ${ticks.map((value, at) => html`<text x="100%" y="${rounded(value) + 4}" text-anchor="end">${texts[at]}</text>`)}
    </svg>`,
  };
}
