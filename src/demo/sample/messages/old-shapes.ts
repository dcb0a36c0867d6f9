import { dropFields } from './message-draft.ts';
import type { MessageDraft } from './message-draft.ts';

/**
 * Makes a message what a server of its time would have stored, for a message is never parsed again:
 * before 3.11 (end of 2020) no tree at all and no real names of authors; then trees of old parsers; the shapes of today
 * since 2023. Sources: message-parser 0.31.14 against 0.31.24 and later; the Open API's examples of 2018.
 */
export function ageMessage(draft: MessageDraft): void {
  if (draft.ts < '2020-12') {
    delete draft['md'];
    if (draft.ts < '2019') {
      draft.u = { _id: draft.u._id, username: draft.u.username };
      // Emptiness was not written down yet.
      dropFields(
        draft,
        ['urls', 'mentions', 'channels'].filter((field) => Array.isArray(draft[field]) && draft[field].length === 0),
      );
    }
  } else if (draft.ts < '2023' && 'md' in draft) {
    draft['md'] = ageMd(draft['md']);
  }
}

/** Old trees: the label of a link is one node instead of a list, an emoji has no shortCode. */
function ageMd(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(ageMd);
  if (typeof node !== 'object' || node === null) return node;
  const aged = Object.fromEntries(Object.entries(node).map(([name, value]): [string, unknown] => [name, ageMd(value)]));
  if (aged['type'] === 'EMOJI') {
    // Unicode emoji were not recognised: they were text.
    if ('unicode' in aged) return { type: 'PLAIN_TEXT', value: aged['unicode'] };
    delete aged['shortCode'];
  }
  const link = aged['value'];
  if (aged['type'] === 'LINK' && typeof link === 'object' && link !== null && 'label' in link) {
    const label: unknown = Array.isArray(link.label) ? link.label[0] : link.label;
    aged['value'] = { ...link, label };
  }
  return aged;
}
