import { html, type Child, type Html } from '../../transcript/markup/html.ts';
import { counted } from '../../model/text/counted.ts';

interface NumbersTable {
  /** What its rows are, for the line that opens it. */
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell names the row; all others are numbers or short. */
  readonly rows: readonly (readonly Child[])[];
  /** Rows that are left out. */
  readonly left?: number;
}

/** The numbers of a picture, folded up behind it. */
export function numbersTable({ caption, columns, rows, left = 0 }: NumbersTable): Html {
  return html`<details>
    <summary>As a table: ${caption}</summary>
    <div class="wide" tabindex="0" role="group" aria-label="${caption}">
      <table>
        <thead>
          <tr>
            ${columns.map((column, at) => html`<th scope="col" class="${at === 0 ? 'what' : 'count'}">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([name, ...cells]) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${cells.map((cell) => html`<td class="count">${cell}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${left > 0 && html`<p class="note">${counted(left, 'more row')} not listed here.</p>`}
  </details>`;
}
