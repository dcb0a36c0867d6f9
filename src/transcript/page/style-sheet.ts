import { palette } from './palette.ts';

/** The look of all pages: light and dark, wide and narrow, on paper, in either direction of writing. */
export const styleSheet = `${palette}* { box-sizing: border-box; }
html { font: 1rem/1.55 var(--sans); background: var(--paper); color: var(--ink); scroll-padding-top: 6.5rem; }
body { margin: 0; overflow-wrap: anywhere; }
main { max-width: 62rem; margin-inline: auto; padding: 1.5rem 1.25rem 4rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; inset-inline-start: -99rem; }
.skip:focus { position: fixed; inset: .5rem auto auto .5rem; z-index: 3; padding: .5rem 1rem; background: var(--paper); }
nav { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .1rem 1.5rem; padding: .45rem max(1.25rem, calc((100vw - 62rem) / 2 + 1.25rem)); background: var(--paper); border-block-end: 1px solid var(--line); font-size: .9rem; }
nav a, footer.turn a { display: inline-block; padding-block: .3rem; min-height: 1.75rem; }
nav .turns { display: flex; gap: 1.5rem; margin-inline-start: auto; }
h1 { margin: .5rem 0 0; font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.15; letter-spacing: -.02em; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.25rem; letter-spacing: -.01em; }
p { margin: .35rem 0; }
.subtitle { margin: .25rem 0 .5rem; font-size: 1.1rem; color: var(--soft); }
header.page { margin-block-end: 1.5rem; }
.note, .fact, .username, .mark, .thread { font-size: .85rem; color: var(--soft); }
code, pre, .number, .code { font-family: var(--mono); font-size: .87em; }
code { background: var(--card); border-radius: 3px; padding: .08em .3em; }
pre { margin: .5rem 0; padding: .75rem 1rem; overflow-x: auto; overflow-wrap: normal; background: var(--card); border-radius: 6px; border: 1px solid var(--line); }
pre code { padding: 0; background: none; }
.hash { font-size: .78em; word-break: break-all; }
hr { border: 0; border-block-start: 1px solid var(--line); margin: .75rem 0; }
blockquote { margin: .5rem 0; padding: .1rem 0 .1rem .9rem; border-inline-start: 3px solid var(--line); }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) minmax(0, 1fr); gap: .45rem 1.5rem; margin: 1rem 0; }
dt { color: var(--soft); }
dd { margin: 0; }
dd > p:first-child { margin-block-start: 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { padding: .4rem 1.25rem .4rem 0; text-align: start; vertical-align: top; border-block-end: 1px solid var(--line); font-weight: normal; }
thead th { color: var(--soft); font-size: .85rem; white-space: nowrap; }
.count { text-align: end; font-variant-numeric: tabular-nums; }
.day { white-space: nowrap; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
.wide td, .wide th { overflow-wrap: break-word; }
.wide .hash { display: inline-block; min-width: 20rem; }
table.rooms th[scope=row] { min-width: 9rem; font-weight: 600; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin: 1.5rem 0; padding: 1.25rem 0; list-style: none; border-block: 1px solid var(--line); color: var(--soft); }
.figures b { display: block; font-size: 2rem; line-height: 1.1; letter-spacing: -.02em; font-weight: 600; color: var(--ink); font-variant-numeric: tabular-nums; }
ul.months { columns: 16rem; padding-inline-start: 1.2rem; }
ul.months li { padding-block: .15rem; }
section > h2 { position: sticky; top: 2.6rem; z-index: 1; margin: 2rem 0 .25rem; padding: .75rem 0 .35rem; background: var(--paper); border-block-end: 2px solid var(--ink); font-size: 1rem; font-variant-numeric: tabular-nums; }
.message { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); gap: 0 1.5rem; padding: .7rem 0 .75rem; border-block-end: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 5rem; }
.message:target { background: var(--card); box-shadow: 0 0 0 .5rem var(--card); outline: 2px solid var(--accent); outline-offset: .5rem; }
.meta { font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.meta > * { display: block; }
.meta .number { display: inline-block; padding-block: .1rem; min-height: 1.5rem; color: var(--accent); font-weight: 600; text-decoration: none; }
.meta .number:hover { text-decoration: underline; }
.by { margin: 0; }
.author { font-weight: 650; }
.mark { display: inline-block; margin-inline-start: .25rem; padding: 0 .4rem; border: 1px solid var(--line); border-radius: 99px; font-size: .76rem; }
.deleted .mark:last-child { border-color: var(--accent); color: var(--accent); }
.reply .body { padding-inline-start: 1rem; border-inline-start: 3px solid var(--line); }
.system .by { color: var(--soft); }
.system .author { color: var(--ink); font-weight: 500; }
.context { opacity: 1; }
.context .body { border-inline-start: 3px dotted var(--soft); padding-inline-start: 1rem; }
.plain { white-space: pre-wrap; }
.gap { height: .5rem; margin: 0; }
.text > :first-child, .body blockquote > :first-child { margin-block-start: .15rem; }
.text .heading { font-weight: 700; font-size: 1.1em; }
.text ul, .text ol { margin: .35rem 0; padding-inline-start: 1.6rem; }
.text ul.tasks { list-style: none; padding-inline-start: .2rem; }
.emoji { font-family: var(--sans), var(--emoji); }
.big { font-size: 2rem; line-height: 1.2; }
.mention { font-weight: 600; }
.spoiler { border-block-end: 2px dotted var(--soft); }
.gone { display: block; color: var(--soft); text-decoration-color: var(--accent); }
.gone p, .gone li { text-decoration: line-through; text-decoration-color: var(--accent); }
.attachments { display: grid; gap: .5rem; margin-block: .5rem; }
.card, .quote { margin: 0; padding: .5rem .9rem; background: var(--card); border-radius: 6px; border-inline-start: 3px solid var(--line); }
.card img { display: block; max-width: 100%; max-height: 24rem; height: auto; margin-block: .5rem; border-radius: 4px; }
.kind { display: inline-block; padding: 0 .4rem; border: 1px solid var(--soft); border-radius: 3px; font-size: .72rem; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
.versions { margin-block: .4rem; font-size: .95em; }
.versions summary { font-size: .85rem; color: var(--soft); cursor: pointer; min-height: 1.5rem; }
.versions ol { margin: .25rem 0 0; padding-inline-start: 1.5rem; }
.versions li { padding-block: .2rem; }
ins { background: var(--added); text-decoration: underline; }
del { background: var(--removed); text-decoration: line-through; }
del.gone { background: none; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.reactions { display: flex; flex-wrap: wrap; gap: .3rem .5rem; margin: .4rem 0 0; padding: 0; list-style: none; font-size: .85rem; }
.reactions li { padding: .05rem .6rem; background: var(--card); border-radius: 99px; border: 1px solid var(--line); }
.reactions .code { color: var(--soft); }
form[role=search] { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .75rem 1rem; margin-block: 1rem 1.25rem; padding: 1rem 1.1rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
form[role=search][hidden] { display: none; }
.field { margin: 0; min-width: 0; }
.field.words, form[role=search] .note { grid-column: 1 / -1; margin: 0; }
.field label { display: block; margin-block-end: .2rem; font-size: .85rem; color: var(--soft); }
.field input, .field select { width: 100%; min-width: 0; min-height: 2.5rem; padding: .35rem .6rem; font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: 5px; }
.field.words input { min-height: 3rem; font-size: 1.15rem; }
input:focus-visible, select:focus-visible, button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
kbd { padding: .05em .35em; font-family: var(--mono); font-size: .87em; color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 3px; }
button { min-height: 2.5rem; padding: .35rem 1.25rem; font: inherit; color: var(--link); background: var(--card); border: 1px solid var(--line); border-radius: 5px; cursor: pointer; }
#status { margin: 0; font-variant-numeric: tabular-nums; color: var(--soft); }
.results { margin: .75rem 0 1.5rem; padding: 0; list-style: none; border-block-start: 2px solid var(--ink); }
.results:empty { display: none; }
mark { padding-inline: .1em; color: inherit; background: var(--found); border-radius: 2px; }
footer.turn { display: flex; justify-content: space-between; margin-block-start: 2rem; }
@media (max-width: 44rem) {
  main { padding: 1rem .9rem 3rem; }
  nav { padding-inline: .9rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-block-end: .6rem; }
  .message { grid-template-columns: minmax(0, 1fr); gap: .15rem; }
  .meta { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .75rem; order: 0; }
  form[role=search] { grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: .5rem; }
  .field:not(.words) input, .field select { padding-inline: .25rem; }
  .figures { gap: .75rem 1.75rem; }
  .figures b { font-size: 1.5rem; }
  .reactions li { border-radius: 12px; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #f6f6f6; --ink: #000; --soft: #444; --line: #bbb; --accent: #7a1d10; --link: #000; }
  @page { size: A4; margin: 18mm 15mm 20mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt sans-serif; } }
  html { font-size: 9.5pt; }
  main { max-width: none; padding: 0; }
  nav, .skip, form[role=search], footer.turn { display: none; }
  section > h2 { position: static; break-after: avoid; }
  .message { content-visibility: visible; break-inside: avoid-page; grid-template-columns: 11rem minmax(0, 1fr); }
  .versions::details-content { content-visibility: visible; block-size: auto; }
  .text a[href^="http"]::after { content: " <" attr(href) ">"; font-size: .85em; }
  pre { white-space: pre-wrap; }
}
`;
