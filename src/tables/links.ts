import { columnsOf } from './define-column.ts';
import type { Element } from './elements.ts';
import { sideColumns } from './elements.ts';
import type { FlatLink } from './flat-message.ts';

const column = columnsOf<Element<FlatLink>>();

/** Columns of `links`: one row an address that a message's text links to or shows. */
export const linkColumns = sideColumns<FlatLink>([
  column('url', 'string', 'md LINK, IMAGE', 'Address, as the parser wrote it.', (e) => e.value.url),
  column('label', 'string?', 'md LINK, IMAGE', 'Text shown for it; null when there is none.', (e) => e.value.label),
]);
