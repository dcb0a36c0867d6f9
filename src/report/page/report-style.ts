import { palette } from '../../transcript/page/palette.ts';

/** The look of the report: that of the transcript, and pictures. */
export const reportStyle = `${palette}
:root { --bar: #b8604f; --faint: #d9c3b6; }
@media (prefers-color-scheme: dark) { :root { --bar: #d0796a; --faint: #6b564c; } }
* { box-sizing: border-box; }
html { font: 1rem/1.55 var(--sans); background: var(--paper); color: var(--ink); scroll-padding-top: 4rem; }
body { margin: 0; overflow-wrap: anywhere; }
main { max-width: 58rem; margin-inline: auto; padding: 2rem 1.25rem 4rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; inset-inline-start: -99rem; }
.skip:focus { position: fixed; inset: .5rem auto auto .5rem; z-index: 3; padding: .5rem 1rem; background: var(--paper); }
nav { position: sticky; top: 0; z-index: 2; display: flex; gap: .1rem 1.4rem; overflow-x: auto; padding: .45rem max(1.25rem, calc((100vw - 58rem) / 2 + 1.25rem)); background: var(--paper); border-block-end: 1px solid var(--line); font-size: .9rem; white-space: nowrap; }
nav a { padding-block: .3rem; min-height: 1.75rem; color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--link); text-decoration: underline; }
h1 { margin: .1rem 0 0; font-size: clamp(1.7rem, 5vw, 2.5rem); line-height: 1.15; letter-spacing: -.022em; font-weight: 680; }
h2 { margin: 0 0 .4rem; font-size: 1.35rem; letter-spacing: -.015em; line-height: 1.25; font-weight: 660; }
h3 { margin: 1.75rem 0 .3rem; font-size: 1rem; font-weight: 640; }
p { margin: .35rem 0; max-width: 44rem; }
section { margin-block-start: 3rem; padding-block-start: 1.5rem; border-block-start: 1px solid var(--line); }
.kind { margin: 0; font-size: .8rem; font-weight: 600; letter-spacing: .09em; text-transform: uppercase; color: var(--accent); }
.subtitle { margin: .35rem 0 0; max-width: none; color: var(--soft); font-variant-numeric: tabular-nums; }
.note, .about, figcaption { font-size: .85rem; color: var(--soft); font-weight: 400; }
.about { white-space: nowrap; }
.bad { padding-inline-start: .9rem; border-inline-start: 3px solid var(--accent); }
code { font-family: var(--mono); font-size: .87em; }
.hash { word-break: break-all; font-size: .8em; }
.emoji { font-family: var(--sans), var(--emoji); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.4rem, 1fr)); gap: 1.1rem 1.25rem; margin: 1.75rem 0 1rem; padding: 0; list-style: none; color: var(--soft); font-size: .92rem; }
.figures b { display: block; font-size: 1.9rem; line-height: 1.1; letter-spacing: -.025em; font-weight: 640; color: var(--ink); font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1rem 0 0; }
.framed { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .6rem; }
.chart, .axis { display: block; overflow: visible; font: .75rem var(--sans); }
.chart text, .axis text { fill: var(--soft); font-variant-numeric: tabular-nums; }
.chart .grid line { stroke: var(--line); stroke-width: 1px; shape-rendering: crispEdges; }
.chart .grid .base { stroke: var(--soft); }
.fill { fill: var(--bar); }
.fill rect:hover, .heat rect:hover { fill: var(--accent); fill-opacity: 1; }
.soft { fill: var(--faint); display: block; }
.area { fill: var(--bar); fill-opacity: .16; }
.line { fill: none; stroke: var(--bar); stroke-width: 2px; vector-effect: non-scaling-stroke; }
.heat rect { fill: var(--bar); }
.heat .l0 { fill: var(--card); }
.heat .l1 { fill-opacity: .2; }
.heat .l2 { fill-opacity: .4; }
.heat .l3 { fill-opacity: .6; }
.heat .l4 { fill-opacity: .8; }
table { border-collapse: collapse; font-size: .92rem; }
th, td { text-align: start; font-weight: normal; vertical-align: baseline; }
.count { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bars { width: 100%; table-layout: fixed; }
.bars .name { width: 39%; }
.bars col.spark { width: 10.5rem; }
.bars col.count { width: 7.5rem; }
.bars th { padding: .32rem 1rem .32rem 0; line-height: 1.3; }
.bars td { padding: .32rem 0; vertical-align: middle; }
.bars tbody tr + tr > * { border-block-start: 1px solid color-mix(in srgb, var(--line) 45%, transparent); }
.bars svg { display: block; }
.bars td.spark { padding-inline-start: 1.5rem; }
.bars td.count { vertical-align: baseline; }
.bars .count .about { display: inline-block; min-width: 3.4rem; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 3rem; }
.pair h3 { margin-block-start: 1rem; }
.pair .bars .name { width: 42%; }
.pair .bars col.count { width: 6.5rem; }
details { margin-block-start: .6rem; font-size: .92rem; }
summary { display: inline-block; min-height: 1.75rem; padding-block: .15rem; color: var(--soft); cursor: pointer; font-size: .85rem; }
summary::before { content: "▸ "; }
details[open] > summary::before { content: "▾ "; }
.wide { max-height: 28rem; overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
.wide table { width: 100%; }
.wide th, .wide td { padding: .3rem .9rem; border-block-end: 1px solid var(--line); }
.wide tbody tr:last-child > * { border-block-end: 0; }
.wide thead th { position: sticky; top: 0; background: var(--card); color: var(--soft); font-size: .85rem; white-space: nowrap; }
.wide .what, .wide th[scope=row] { min-width: 6rem; }
.bars td.bar { padding-inline-end: .5rem; }
@media (max-width: 44rem) {
  main { padding: 1.25rem .9rem 3rem; }
  nav { padding-inline: .9rem; }
  section { margin-block-start: 2.25rem; padding-block-start: 1.1rem; }
  .figures { grid-template-columns: repeat(auto-fit, minmax(6.6rem, 1fr)); }
  .figures b { font-size: 1.5rem; }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .odd { display: none; }
  .bars .spark { display: none; }
  .bars .name, .pair .bars .name { width: 46%; }
  .bars col.count, .pair .bars col.count { width: 5.6rem; }
  .bars td.count { padding-inline-start: .6rem; }
  .bars .about, .bars .count .about { display: block; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #f6f6f6; --ink: #000; --soft: #444; --line: #ccc; --accent: #7a1d10; --link: #000; --bar: #a5503f; --faint: #cdb9ad; }
  @page { size: A4; margin: 16mm 15mm 18mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; } }
  html { font-size: 9pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  nav, .skip, details { display: none; }
  section { margin-block-start: 1.5rem; padding-block-start: 1rem; }
  figure, h2, h3, h2 + p, h3 + p, .bars tr { break-inside: avoid; }
  h2, h3, h2 + p, h3 + p { break-after: avoid; }
}
`;
