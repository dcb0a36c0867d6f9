import { html, type Html } from '../../../src/transcript/markup/html.ts';

const [fontPx, linePx, charPx, marginPx, barPx] = [13, 19, 7.83, 20, 34];
const columns = 92;

/** What differs from run to run, and from machine to machine. */
function settled(output: string): string {
  return output
    .replaceAll(/, [\d. ]+ (?:s|min [\d.]+ s)$/gm, '')
    .replaceAll(/[0-9a-f]{64}/g, '9f2c…e071')
    .replaceAll(/^(?:earlier runs|lists|requests|rooms|of the messages read|note|\d+ other notes): .*\n/gm, '')
    .replaceAll(/^(?:no row): .*\n/gm, '');
}

/**
 * A terminal with a command and what it printed, as SVG: light and dark, text that can be copied, nothing to load.
 *
 * @param output of stdout
 */
export function runPicture(command: string, output: string): string {
  const lines = [`$ ${command}`, ...settled(output).trimEnd().split('\n')].map((line) =>
    line.length > columns ? `${line.slice(0, columns - 1)}…` : line,
  );
  const [width, height] = [Math.ceil(columns * charPx + 2 * marginPx), barPx + lines.length * linePx + 2 * marginPx];
  const text = lines.map(
    (line, at): Html =>
      html`<text
        x="${marginPx}"
        y="${barPx + marginPx + (at + 0.7) * linePx}"
        xml:space="preserve"
        class="${at === 0 ? 'typed' : /^\w.*:$/.test(line) ? 'soft' : 'said'}"
        >${line}</text
      > `,
  );
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t">
    <title id="t">A terminal: ${command} exports 3,906 messages of a sample workspace and says what came of it</title>
    <style>
      svg {
        font:
          ${fontPx}px ui-monospace,
          'SF Mono',
          'Cascadia Mono',
          'DejaVu Sans Mono',
          monospace;
      }
      .card {
        fill: #fdfcfa;
        stroke: #dcd6cb;
      }
      .dot {
        fill: #dcd6cb;
      }
      text {
        fill: #1f1d1a;
      }
      .typed {
        font-weight: 700;
        fill: #9c2c1c;
      }
      .soft {
        fill: #5d5850;
      }
      @media (prefers-color-scheme: dark) {
        .card {
          fill: #181715;
          stroke: #3b3732;
        }
        .dot {
          fill: #3b3732;
        }
        text {
          fill: #ebe6dd;
        }
        .typed {
          fill: #f0907f;
        }
        .soft {
          fill: #aaa295;
        }
      }
    </style>
    <rect class="card" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" />
    ${[0, 1, 2].map((at) => html`<circle class="dot" cx="${marginPx + 5 + at * 18}" cy="20" r="5.5" />`)} ${text}
  </svg> `.source;
}
