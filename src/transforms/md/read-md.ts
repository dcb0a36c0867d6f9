import type { FlatLink } from '../../model/flat-message.ts';
import { MdReader } from './md-reader.ts';

/** What one walk over a message's `md` finds. */
interface MdContent {
  /** What a person would read, blocks on lines of their own. */
  readonly text: string;
  /** Addresses linked to (LINK) or shown (IMAGE), in order, as the parser wrote them. */
  readonly links: readonly FlatLink[];
  /** In order: `:tada:` as reactions name it, or the character itself. */
  readonly emoji: readonly string[];
}

const nothing: MdContent = { text: '', links: [], emoji: [] };

/**
 * Reads the syntax tree that the server's parser (`@rocket.chat/message-parser`) stored with a message. It is made when
 * a message is sent and never again, so one room mixes the shapes of many parser versions, and clients and apps may
 * store anything. So this never throws, and every PLAIN_TEXT leaf is in `text`, whole and in order; only the addresses
 * of links and images are in `links` instead.
 *
 * Plain text is written so: blocks on lines of their own; what is nested in an item below it, indented; `- `, `1. `, `[x] ` before items; `> ` before quoted lines;
 * ` | ` between cells; `@name`, `#channel` (by its title); a link as its label; a short code as `:tada:`, an emoticon as typed; time
 * stamps, colours and formulas as their source. Marks of emphasis, code and spoilers are left out.
 *
 * @param msg the message's source text, into which nodes of newer parsers point
 * @param titleOf of rooms named with `#` the titles, where those are others than their names
 */
export function readMd(
  md: readonly unknown[],
  msg: string | null,
  titleOf: ReadonlyMap<string, string> = new Map(),
): MdContent {
  if (md.length === 0) return nothing;
  const reader = new MdReader(msg ?? '', titleOf);
  reader.lines(md, 0);
  return reader;
}
