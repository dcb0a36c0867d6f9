import { columnsOf } from './define-column.ts';
import type { ElementRow } from './elements.ts';
import { own, sideColumns } from './elements.ts';
import type { FlatLink } from '../model/flat-message.ts';

const column = columnsOf<ElementRow<FlatLink>>();
const link = own<FlatLink, string | null>;

/** Columns of `links`: one row per address that a message's text links to or shows. */
export const linkColumns = sideColumns<FlatLink>([
  column(
    'url',
    'string?',
    'md LINK, IMAGE',
    'Address, as the parser wrote it.',
    link(({ url }) => url),
  ),
  column(
    'label',
    'string?',
    'md LINK, IMAGE',
    'Text shown for it; null when there is none.',
    link(({ label }) => label),
  ),
]);
