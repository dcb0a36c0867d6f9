import { html, type Child, type Html } from '../../transcript/markup/html.ts';
import { count } from '../../model/text/counted.ts';
import { percent } from './percent.ts';

interface BarRow {
  readonly name: Child;
  /** Below the name, smaller. */
  readonly about?: Child;
  readonly value: number;
  /** In place of the value as a number. */
  readonly text?: string;
  /** A picture between the bar and the number. */
  readonly picture?: Html;
  /** Right of the number. */
  readonly share?: string;
}

interface BarTable {
  readonly label: string;
  readonly columns: readonly [name: string, value: string];
  readonly pictures?: string;
  readonly rows: readonly BarRow[];
}

/** A picture that is a table: each row has a name, a bar and its number. */
export function barTable({ label, columns: [nameColumn, valueColumn], pictures, rows }: BarTable): Html {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return html`<table class="bars">
    <caption class="aside">
      ${label}
    </caption>
    <colgroup>
      <col class="name" />
      <col />
      ${pictures !== undefined && html`<col class="spark" />`}
      <col class="count" />
    </colgroup>
    <thead class="aside">
      <tr>
        <th scope="col">${nameColumn}</th>
        <th scope="col">${valueColumn}, as a bar</th>
        ${pictures !== undefined && html`<th scope="col">${pictures}</th>`}
        <th scope="col">${valueColumn}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, about, value, text, picture, share }) =>
          html`<tr>
            <th scope="row">${name}${about !== undefined && html` <span class="about">${about}</span>`}</th>
            <td class="bar">
              <svg width="100%" height="12" aria-hidden="true" focusable="false">
                <rect class="fill" width="${percent(value / most)}" height="12" rx="1" />
              </svg>
            </td>
            ${picture && html`<td class="spark">${picture}</td>`}
            <td class="count">
              ${text ?? count(value)}${share !== undefined && html` <span class="about">${share}</span>`}
            </td>
          </tr> `,
      )}
    </tbody>
  </table>`;
}
