import { lastMs } from '../../model/time/durations.ts';
import { isArray } from '../../model/json/is-array.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { colorText } from '../../transforms/md/md-color.ts';
import { emojiText } from '../../transforms/md/md-emoji.ts';
import { leafText } from '../../transforms/md/md-leaves.ts';
import { plainText } from '../../transforms/md/md-nodes.ts';
import { emojiHtml } from './emoji-html.ts';
import { html, type Child, type Html } from './html.ts';
import { linkTarget } from './link-target.ts';
import { plainName } from './plain-name.ts';

type Node = Readonly<Record<string, unknown>>;

/** Arrays and objects inside each other: deeper trees lose their layout, not their text. */
const depthCap = 64;

/**
 * The syntax tree of a message (`@rocket.chat/message-parser`) as markup. Trees come from many versions of the parser, and
 * from whoever writes through the API: of a node that is unknown, or of another shape, the text that is in it is shown.
 */
export function mdHtml(tree: unknown): Html {
  return html`${blocks(tree, 0)}`;
}

function blocks(value: unknown, depth: number): Child {
  if (!isArray(value)) return read(value, depth);
  const parts: Child[] = [];
  let isBehindBlock = true;
  for (const child of value) {
    const isBreak = isRecord(child) && child['type'] === 'LINE_BREAK';
    // Blocks stand apart by themselves: only an empty line between two others is one.
    if (!isBreak || !isBehindBlock) parts.push(isBreak ? html`<p class="gap"></p>` : read(child, depth + 1));
    isBehindBlock = isBreak;
  }
  return parts;
}

function read(value: unknown, depth: number): Child {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (depth > depthCap) return leafText(value);
  if (isArray(value)) return value.map((child) => read(child, depth + 1));
  return isRecord(value) ? node(value, depth) : null;
}

function node(value: Node, depth: number): Child {
  const inner = (): Child => read(value['value'], depth + 1);
  switch (value['type']) {
    case 'PLAIN_TEXT':
      return inner();
    case 'PARAGRAPH':
      return html`<p dir="auto">${inner()}</p>`;
    case 'HEADING':
      // The page has headings of its own: one of a message is not part of the page's outline.
      return html`<p class="heading" dir="auto">${inner()}</p>`;
    case 'BOLD':
      return html`<strong>${inner()}</strong>`;
    case 'ITALIC':
      return html`<em>${inner()}</em>`;
    case 'STRIKE':
      return html`<s>${inner()}</s>`;
    case 'SPOILER':
      return html`<span class="spoiler">${inner()}</span>`;
    case 'SPOILER_BLOCK':
      return html`<div class="spoiler">${blocks(value['value'], depth + 1)}</div>`;
    case 'INLINE_CODE':
      return html`<code dir="ltr">${inner()}</code>`;
    case 'CODE':
      return html`<pre tabindex="0"><code dir="ltr">${codeLines(value['value'], depth + 1)}</code></pre>`;
    case 'CODE_LINE':
      return inner();
    case 'INLINE_KATEX':
      return html`<code class="tex" dir="ltr">${inner()}</code>`;
    case 'KATEX':
      return html`<pre tabindex="0"><code class="tex" dir="ltr">${inner()}</code></pre>`;
    case 'QUOTE':
    case 'BLOCKQUOTE':
      return html`<blockquote>${blocks(value['value'], depth + 1)}</blockquote>`;
    case 'UNORDERED_LIST':
      return html`<ul dir="auto">
        ${items(value['value'], depth + 1)}
      </ul>`;
    case 'ORDERED_LIST':
      return orderedList(value['value'], depth + 1);
    case 'LIST_ITEM':
      return html`<span>${inner()}</span>${rest(value, depth)}`;
    case 'TASKS':
      return html`<ul class="tasks" dir="auto">
        ${items(value['value'], depth + 1)}
      </ul>`;
    case 'TASK':
      return task(value, depth);
    case 'LINE_BREAK':
      return html`<br />`;
    case 'HORIZONTAL_RULE':
      return html`<hr />`;
    case 'LINK':
    case 'IMAGE':
      return link(value, depth);
    case 'MENTION_USER':
      return html`<span class="mention">@${nameOf(value, depth)}</span>`;
    case 'MENTION_CHANNEL':
      return html`<span class="mention">#${nameOf(value, depth)}</span>`;
    case 'EMOJI':
      return emoji(value, depth);
    case 'BIG_EMOJI':
      return html`<p class="big">${inner()}</p>`;
    case 'TIMESTAMP':
      return timestamp(value, depth);
    case 'COLOR':
      return html`<code class="color">${colorText(value['value']) ?? leafText(value['value'])}</code>`;
    case 'TABLE':
      return table(value['value'], depth + 1);
    default:
      return html`${inner()}${rest(value, depth)}`;
  }
}

/** What is nested in a node beside its value: of unknown nodes, and of lists within lists. */
function rest(value: Node, depth: number): Child {
  return Object.entries(value).flatMap(([key, part]) =>
    key !== 'value' && key !== 'fallback' && typeof part === 'object' ? [read(part, depth + 1)] : [],
  );
}

function items(value: unknown, depth: number): Child {
  if (!isArray(value)) return html`<li>${read(value, depth)}</li>`;
  return value.map((child) => html`<li>${read(child, depth + 1)}</li>`);
}

function orderedList(value: unknown, depth: number): Html {
  const numbered = isArray(value) ? value : [value];
  return html`<ol dir="auto">
    ${numbered.map((child) => {
      const number = isRecord(child) ? child['number'] : undefined;
      const isNumber = typeof number === 'number' && Number.isSafeInteger(number);
      const inner = read(child, depth + 1);
      return isNumber ? html`<li value="${number}">${inner}</li>` : html`<li>${inner}</li>`;
    })}
  </ol>`;
}

function task(value: Node, depth: number): Child {
  const isDone = value['status'] === true;
  const word = isDone ? 'done' : 'to do';
  return html`<span role="img" aria-label="${word}">${isDone ? '☑' : '☐'}</span>
    ${read(value['value'], depth + 1)}${rest(value, depth)}`;
}

function codeLines(value: unknown, depth: number): Child {
  if (!isArray(value)) return read(value, depth);
  return value.map((line, at) => [at === 0 ? null : '\n', read(line, depth + 1)]);
}

/** Pictures are not loaded from anywhere: they are links, as their text says. */
function link(value: Node, depth: number): Child {
  const parts = value['value'];
  if (!isRecord(parts)) return read(parts, depth + 1);
  const url = plainText(parts['src']) ?? '';
  const words = leafText(parts['label']);
  const label = words === '' ? url : read(parts['label'], depth + 2);
  const target = linkTarget(url.startsWith('//') ? `https:${url}` : url);
  if (url.startsWith('tel:')) return label;
  // An address that leads nowhere is text, and all of it: nothing that was written is left out.
  if (target === undefined) return label === url ? url : html`${label} (${url})`;
  // Clients put a link without words before a text that quotes; the quote itself is shown below.
  if (words !== '' && words.trim() === '') {
    return html`<a href="${target}" rel="noreferrer" aria-label="The quoted message">↪</a>`;
  }
  return html`<a href="${target}" rel="noreferrer">${label}</a>`;
}

function nameOf(value: Node, depth: number): Child {
  const name = plainText(value['value']);
  return name === null ? read(value['value'], depth + 1) : html`<bdi>${plainName(name)}</bdi>`;
}

function emoji(value: Node, depth: number): Child {
  const found = emojiText(plainText(value['value']), value['shortCode'], value['unicode']);
  if (found === null) return read(value['value'], depth + 1);
  return found.shown === found.name
    ? emojiHtml(found.name)
    : html`<span class="emoji" title="${found.name}">${found.shown}</span>`;
}

function timestamp(value: Node, depth: number): Child {
  const parts = value['value'];
  const seconds = isRecord(parts) ? Number(parts['timestamp']) : NaN;
  if (!(Math.abs(seconds * 1000) <= lastMs)) return read(parts, depth + 1) ?? leafText(value['fallback']);
  const time = new Date(seconds * 1000).toISOString();
  return html`<time datetime="${time}">${time.replace('T', ' ').replace('.000Z', ' UTC')}</time>`;
}

function table(value: unknown, depth: number): Child {
  if (!isRecord(value)) return read(value, depth);
  const cells = (row: unknown): readonly unknown[] => {
    const list = isRecord(row) ? row['value'] : row;
    return isArray(list) ? list : [list];
  };
  const rows = isArray(value['rows']) ? value['rows'] : [];
  return html`<div class="wide" tabindex="0" role="group" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${cells(value['header']).map((cell) => html`<th scope="col">${read(cell, depth + 2)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row).map((cell) => html`<td>${read(cell, depth + 2)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
