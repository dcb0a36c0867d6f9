import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly [key: string]: unknown;
}

export interface ExpectedText {
  readonly text: string | null;
  readonly links: readonly { readonly url: string; readonly label: string | null }[];
  readonly emoji: readonly string[];
}

/**
 * What a person reads, by a second reading of `md` that shares nothing with the program's: each kind of node that the
 * sample's trees hold (of old and of new parsers) is a line of a table. A kind that is missing here fails the test.
 */
export function expectedText({ msg, md, blocks: appBlocks }: MessageDocument): ExpectedText {
  const said = typeof msg === 'string' ? msg : null;
  const source = said === null || said === '' ? (textsIn(appBlocks) ?? said) : said;
  if (!Array.isArray(md)) return { text: source, links: [], emoji: [] };
  const blocks = md as readonly Node[];
  const text = blocks.map((node) => (node.type === 'LINE_BREAK' ? '' : show(node))).join('\n');
  return { text: text === '' ? source : text, links: linksIn(blocks), emoji: emojiIn(blocks) };
}

/** A line for each text of an app's blocks. */
function textsIn(value: unknown): string | null {
  const texts = nodesIn(value).flatMap(({ type, text }) => (/^(plain_text|mrkdwn)$/.test(type ?? '') ? [text] : []));
  return texts.length === 0 ? null : texts.join('\n');
}

function show(node: Node): string {
  const render = renderings[node.type ?? ''];
  if (render === undefined) throw new Error(`No rendering for ${JSON.stringify(node)}`);
  return render(node);
}

const children = (node: Node): readonly Node[] => [node.value].flat() as readonly Node[];
const inline = (node: Node): string => children(node).map(show).join('');
const lines = (node: Node): string => children(node).map(show).join('\n');
const leaf = (value: unknown): string => (value as { readonly value: string }).value;

const renderings: Readonly<Record<string, (node: Node) => string>> = {
  PLAIN_TEXT: leaf,
  KATEX: leaf,
  INLINE_KATEX: leaf,
  PARAGRAPH: inline,
  HEADING: inline,
  BOLD: inline,
  ITALIC: inline,
  STRIKE: inline,
  SPOILER: inline,
  INLINE_CODE: inline,
  CODE_LINE: inline,
  CODE: lines,
  UNORDERED_LIST: lines,
  ORDERED_LIST: lines,
  TASKS: lines,
  LIST_ITEM: (node) => `${typeof node['number'] === 'number' ? `${node['number']}.` : '-'} ${inline(node)}`,
  TASK: (node) => `[${node['status'] === true ? 'x' : ' '}] ${inline(node)}`,
  QUOTE: (node) => lines(node).replace(/^/gm, '> '),
  LINE_BREAK: () => '\n',
  BIG_EMOJI: (node) => children(node).map(show).join(' '),
  EMOJI: (node) => {
    const name = emojiName(node);
    // An emoticon is shown as it was typed.
    return typeof node['shortCode'] === 'string' && leaf(node.value) !== node['shortCode'] ? leaf(node.value) : name;
  },
  MENTION_USER: (node) => `@${leaf(node.value)}`,
  MENTION_CHANNEL: (node) => `#${leaf(node.value)}`,
  LINK: (node) => linkLabel(node) ?? linkUrl(node),
  IMAGE: (node) => linkLabel(node) ?? linkUrl(node),
  TIMESTAMP: (node) => leaf(node['fallback']),
  COLOR: (node) => {
    const { r, g, b, a } = node.value as Readonly<Record<'r' | 'g' | 'b' | 'a', number>>;
    return `#${Buffer.from(a === 255 ? [r, g, b] : [r, g, b, a]).toString('hex')}`;
  },
};

function linkUrl(node: Node): string {
  return leaf((node.value as { readonly src: Node }).src);
}

/** Labels are one node in old trees, a list in newer ones. */
function linkLabel(node: Node): string | null {
  const { label } = node.value as { readonly label: Node | readonly Node[] };
  return [label].flat().map(show).join('') || null;
}

function emojiName({ value, shortCode, unicode }: Node): string {
  if (typeof unicode === 'string') return unicode;
  if (typeof shortCode === 'string') return `:${shortCode}:`;
  const typed = leaf(value);
  return /^[a-z0-9_+-]+$/i.test(typed) ? `:${typed}:` : typed;
}

function nodesIn(value: unknown): readonly Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(nodesIn);
  return 'type' in value ? [value as Node, ...below] : below;
}

function linksIn(md: unknown): ExpectedText['links'] {
  return nodesIn(md)
    .filter(({ type }) => type === 'LINK' || type === 'IMAGE')
    .map((node) => ({ url: linkUrl(node), label: linkLabel(node) }));
}

function emojiIn(md: unknown): readonly string[] {
  return nodesIn(md)
    .filter(({ type }) => type === 'EMOJI')
    .map(emojiName);
}
