/**
 * The candidate a person most likely meant, or undefined when none is near: at most one typing error (a letter missing,
 * added, wrong, or two swapped) for every three letters. Case, width (`ｇｅｎｅｒａｌ`: NFKC), `-` and `_` do not count.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const plainWord = plain(word);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const plainCandidate = plain(candidate);
    const allowed = Math.ceil(Math.min(plainWord.length, plainCandidate.length) / 3);
    // Lengths alone can rule a candidate out, which also keeps a huge key cheap.
    if (Math.abs(plainWord.length - plainCandidate.length) > allowed) continue;
    const distance = typingErrors(plainWord, plainCandidate);
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function plain(word: string): string {
  return word.normalize('NFKC').toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Damerau-Levenshtein distance (optimal string alignment), a row at a time. */
function typingErrors(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(beforePrevious, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
