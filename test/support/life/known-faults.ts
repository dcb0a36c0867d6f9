/**
 * Faults that are known and not mended yet, by what the oracle says of them: a life goes on past these, so that others
 * are found. An entry goes with its fault.
 */
const knownFaults: readonly RegExp[] = [
  // A message that a walk brings, known from another room (imported again, moved): the last element that it has lost.
  /^(mentions|reactions|attachments|links): \w+ \(has been changed by /,
  // A backup, and rooms that changed again before the next run: only some of them are older in the list than they were.
  /^(messages|mentioned_messages): \w+ \(has been changed by restore /,
  // Found by seeds 2, 7, 11, 18, 19 and 22 after weeks of life, and not yet understood.
  /^(messages|mentioned_messages): \w+ \(has been changed by (move|prune|edit|remove|meanwhile) /,
];

export function isKnownFault(problem: string): boolean {
  return knownFaults.some((fault) => fault.test(problem));
}
