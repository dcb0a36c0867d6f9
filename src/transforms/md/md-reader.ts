import { isRecord } from '../../model/json/is-record.ts';
import type { FlatLink } from '../../model/flat-message.ts';
import { colorText } from './md-color.ts';
import { emojiText } from './md-emoji.ts';
import { leafText } from './md-leaves.ts';
import { isBeside, isBlock, plainNodes, plainText } from './md-nodes.ts';
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
  readonly #titleOf: ReadonlyMap<string, string>;
  /** A line feed and the marks of the quotes around the line it starts. */
  #newLine = '\n';

  constructor(msg: string, titleOf: ReadonlyMap<string, string>) {
    this.#source = new MdSource(msg);
    this.#titleOf = titleOf;
  }

  /** Children on lines of their own. */
  lines(children: unknown, depth: number): void {
    this.#joined(children, null, depth);
  }

  /** @param separator null: each on a line of its own */
  #joined(children: unknown, separator: string | null, depth: number): void {
    if (!Array.isArray(children) || depth > depthCap) {
      this.#read(children, depth);
      return;
    }
    for (let i = 0; i < children.length; i++) {
      if (i > 0) this.text += separator ?? this.#newLine;
      const child: unknown = children[i];
      // Alone between two line feeds it is the empty line it stands for.
      const isEmptyLine = separator === null && isRecord(child) && child['type'] === 'LINE_BREAK';
      if (isEmptyLine) this.#value(child, depth + 1);
      else this.#read(child, depth + 1);
    }
  }

  /** Whatever stands where a node, or a list of inline ones, should be. */
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
    if (plainNodes.has(node['type'])) {
      this.#value(node, depth);
      this.#rest(node, depth);
      return;
    }
    switch (node['type']) {
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
        this.#channel(node, depth);
        break;
      case 'UNORDERED_LIST':
      case 'ORDERED_LIST':
      case 'TASKS':
      case 'CODE':
      case 'SPOILER_BLOCK':
        this.lines(node['value'], depth + 1);
        break;
      case 'LIST_ITEM':
        this.#item(typeof node['number'] === 'number' ? `${node['number']}. ` : '- ', node, depth);
        return;
      case 'TASK':
        this.#item(node['status'] === true ? '[x] ' : '[ ] ', node, depth);
        return;
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
        return;
    }
    this.#rest(node, depth);
  }

  /** What a newer parser puts beside the properties that are read above: no text of it may be lost. */
  #rest(node: Node, depth: number, ...read: readonly string[]): void {
    for (const key in node) {
      if (isBeside(key, node[key]) && !read.includes(key)) this.#read(node[key], depth + 1);
    }
  }

  /** What is nested in an item, in its value or beside it, stands below it, indented. */
  #item(mark: string, node: Node, depth: number): void {
    const outside = this.#newLine;
    this.text += mark;
    this.#newLine = `${outside}  `;
    const { value } = node;
    for (const part of Array.isArray(value) ? value : [value]) {
      if (isBlock(part)) this.text += this.#newLine;
      if (isRecord(part) || Array.isArray(part)) this.#read(part, depth + 2);
      else this.#value({ value: part }, depth);
    }
    for (const key in node) {
      if (!isBeside(key, node[key])) continue;
      this.text += this.#newLine;
      this.lines(node[key], depth + 1);
    }
    this.#newLine = outside;
  }

  #channel(node: Node, depth: number): void {
    const name = plainText(node['value']);
    this.text += `#${name === null ? '' : (this.#titleOf.get(name) ?? name)}`;
    if (name === null) this.#value(node, depth);
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
    this.#rest(value, depth, 'src', 'label');
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
    if (!Array.isArray(rows) || rows.length > 0) {
      this.text += this.#newLine;
      this.lines(rows, depth + 2);
    }
    this.#rest(value, depth, 'header', 'rows');
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
