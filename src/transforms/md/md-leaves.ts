/**
 * The text under a node that sits too deep for the recursive walk, every leaf in order, by a loop with a stack of its
 * own: no depth can overflow it. Lines, lists, links and emoji are no longer distinguished.
 */
export function leafText(node: unknown): string {
  let text = '';
  const stack: unknown[] = [node];
  while (stack.length > 0) {
    const next = stack.pop();
    if (typeof next === 'string') {
      text += next;
    } else if (Array.isArray(next)) {
      for (let i = next.length - 1; i >= 0; i--) stack.push(next[i]);
    } else if (typeof next === 'object' && next !== null) {
      const entries = Object.entries(next);
      for (let i = entries.length - 1; i >= 0; i--) {
        const [key, value] = entries[i] ?? [];
        // Of the strings, only `value` is text: others are types, languages, short codes.
        if (key === 'value' || typeof value === 'object') stack.push(value);
      }
    }
  }
  return text;
}
