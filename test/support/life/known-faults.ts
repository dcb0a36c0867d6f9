/**
 * Faults that are known and not mended yet, by what the oracle says of them: a life goes on past these, so that others
 * are found. An entry goes with its fault. Without them some 20 of 30 months end well.
 */
const knownFaults: readonly RegExp[] = [
  // A message that a walk brings, known from another room (imported again, moved): the last element that it has lost.
  /^(mentions|reactions|attachments|links): \w+ \(has been changed by /,
  // A version or a deletion that is not found: after restores whose rooms changed again before the next run, after moves
  // and re-imports while a run is open or refused, and in rooms that are silent for long (seeds 3, 12, 16, 19, 21, 24, 26).
  /^(messages|mentioned_messages): \w+ \(has been changed by /,
];

export function isKnownFault(problem: string): boolean {
  return knownFaults.some((fault) => fault.test(problem));
}
