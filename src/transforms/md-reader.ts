import { isRecord } from '../rocketchat/message.ts';
import type { FlatLink } from '../tables/flat-message.ts';
import { colorText } from './md-color.ts';
import { emojiText } from './md-emoji.ts';
import { leafText } from './md-leaves.ts';
import { MdSource } from './md-source.ts';

type Node = Readonly<Record<string, unknown>>;

/** Arrays and objects inside each other. Parsers were never seen past 18; deeper trees lose their layout, not their text. */
const depthCap = 64;

/** One walk over one message's tree; what it found is in its public fields. */
export class MdReader {
  text = '';
  readonly links: FlatLink[] = [];
  readonly emoji: string[] = [];
  readonly #source: MdSource;
  /** A line feed and the marks of the quotes around the line it starts. */
  #newLine = '\n';

  constructor(msg: string) {
    this.#source = new MdSource(msg);
  }

  /** Children on lines of their own. */
  lines(children: unknown, depth: number): void {
    if (!Array.isArray(children) || depth > depthCap) {
      this.#read(children, depth);
      return;
    }
    for (let i = 0; i < children.length; i++) {
      if (i > 0) this.text += this.#newLine;
      const child: unknown = children[i];
      // Alone between two line feeds it is the empty line it stands for.
      if (isRecord(child) && child['type'] === 'LINE_BREAK') this.#value(child, depth + 1);
      else this.#read(child, depth + 1);
    }
  }

  /** Whatever stands in the place of a node, or of a list of inline ones. */
  #read(value: unknown, depth: number): void {
    if (typeof value === 'string') {
      this.text += value;
    } else if (Array.isArray(value)) {
      if (depth > depthCap) this.text += leafText(value);
      else for (const child of value) this.#read(child, depth + 1);
    } else if (isRecord(value)) {
      if (depth > depthCap) this.text += leafText(value);
      else this.#node(value, depth);
    }
  }

  #value(node: Node, depth: number): void {
    const value = node['value'];
    if (typeof value === 'number') this.text += String(value);
    else this.#read(value, depth + 1);
  }

  #node(node: Node, depth: number): void {
    switch (node['type']) {
      case 'PLAIN_TEXT':
      case 'PARAGRAPH':
      case 'BOLD':
      case 'ITALIC':
      case 'STRIKE':
      case 'INLINE_CODE':
      case 'SPOILER':
      case 'CODE_LINE':
      case 'HEADING':
      case 'INLINE_KATEX':
      case 'KATEX':
      case 'TABLE_CELL':
        this.#value(node, depth);
        break;
      case 'LINK':
      case 'IMAGE':
        this.#link(node, depth);
        break;
      case 'EMOJI':
        this.#emoji(node, depth);
        break;
      case 'MENTION_USER':
        this.text += '@';
        this.#value(node, depth);
        break;
      case 'MENTION_CHANNEL':
        this.text += '#';
        this.#value(node, depth);
        break;
      case 'UNORDERED_LIST':
      case 'ORDERED_LIST':
      case 'TASKS':
      case 'CODE':
      case 'SPOILER_BLOCK':
        this.lines(node['value'], depth + 1);
        break;
      case 'LIST_ITEM':
        this.text += typeof node['number'] === 'number' ? `${node['number']}. ` : '- ';
        this.#value(node, depth);
        break;
      case 'TASK':
        this.text += node['status'] === true ? '[x] ' : '[ ] ';
        this.#value(node, depth);
        break;
      case 'QUOTE':
      case 'BLOCKQUOTE':
        this.#quote(node, depth);
        break;
      case 'BIG_EMOJI':
        this.#joined(node['value'], ' ', depth + 1);
        break;
      case 'TIMESTAMP':
        this.#timestamp(node, depth);
        break;
      case 'COLOR':
        this.#color(node, depth);
        break;
      case 'TABLE':
        this.#table(node, depth);
        break;
      case 'TABLE_ROW':
        this.#joined(node['value'], ' | ', depth + 1);
        break;
      case 'HORIZONTAL_RULE':
        this.text += '---';
        this.#value(node, depth);
        break;
      case 'LINE_BREAK':
        this.text += this.#newLine;
        this.#value(node, depth);
        break;
      default:
        this.#unknown(node, depth);
        break;
    }
  }

  #joined(children: unknown, separator: string, depth: number): void {
    if (!Array.isArray(children) || depth > depthCap) {
      this.#read(children, depth);
      return;
    }
    for (let i = 0; i < children.length; i++) {
      if (i > 0) this.text += separator;
      this.#read(children[i], depth + 1);
    }
  }

  #quote(node: Node, depth: number): void {
    const outside = this.#newLine;
    this.#newLine = `${outside}> `;
    this.text += '> ';
    this.lines(node['value'], depth + 1);
    this.#newLine = outside;
  }

  /** The label is one node before parser 0.31.24, a list since. */
  #link(node: Node, depth: number): void {
    const value = node['value'];
    if (!isRecord(value) || !('src' in value || 'label' in value)) {
      this.#value(node, depth);
      return;
    }
    const url = plainText(value['src']);
    const before = this.text;
    this.text = '';
    this.#read(value['label'], depth + 2);
    const label = this.text;
    this.text = before + (label === '' ? (url ?? '') : label);
    if (url === null) this.#read(value['src'], depth + 2);
    else if (url !== '') this.links.push({ url, label: label === '' ? null : label });
  }

  #emoji(node: Node, depth: number): void {
    const typed = plainText(node['value']);
    const emoji = emojiText(typed, node['shortCode'], node['unicode']);
    if (emoji !== null) {
      this.text += emoji.shown;
      this.emoji.push(emoji.name);
    }
    if (typed === null) this.#value(node, depth);
  }

  /** As it is written in a message: `<t:1630360800:R>`. The source is a PLAIN_TEXT up to parser 0.31.36, then offsets. */
  #timestamp(node: Node, depth: number): void {
    const { value, fallback } = node;
    if (isRecord(fallback)) this.#read(fallback, depth + 1);
    const source = this.#source.take(fallback);
    if (!isRecord(value) || typeof value['timestamp'] !== 'string') {
      this.#value(node, depth);
      return;
    }
    if (isRecord(fallback)) return;
    // The check guards against offsets that count from somewhere else than the message's start.
    if (source?.startsWith('<t:') === true && source.endsWith('>')) this.text += source;
    else this.text += `<t:${value['timestamp']}${typeof value['format'] === 'string' ? `:${value['format']}` : ''}>`;
  }

  #color(node: Node, depth: number): void {
    const color = colorText(node['value']);
    if (color === null) this.#value(node, depth);
    else this.text += color;
  }

  #table(node: Node, depth: number): void {
    const value = node['value'];
    if (!isRecord(value) || !('header' in value || 'rows' in value)) {
      this.#value(node, depth);
      return;
    }
    this.#joined(value['header'], ' | ', depth + 2);
    const rows = value['rows'];
    if (Array.isArray(rows) && rows.length === 0) return;
    this.text += this.#newLine;
    this.lines(rows, depth + 2);
  }

  /** A node of a newer parser: all text below it, or else the piece of source text it stands for. */
  #unknown(node: Node, depth: number): void {
    const before = this.text;
    for (const key of Object.keys(node)) {
      if (key === 'value') this.#value(node, depth);
      else if (typeof node[key] === 'object') this.#read(node[key], depth + 1);
    }
    if (this.text === before) this.text += this.#source.take(node['fallback']) ?? '';
  }
}

/** The string of a PLAIN_TEXT, or a bare one in its place. */
function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (isRecord(value) && typeof value['value'] === 'string') return value['value'];
  return null;
}
