/** A room or a person that a job holds since this run, though purges by time before it took what was older. */
export interface LateHold {
  readonly kind: 'room' | 'user';
  /** As the job has it. */
  readonly name: string;
  /** ISO 8601: the latest of those purges took what was sent before. */
  readonly before: string;
}

/** What a hold does not bring back, in sentences for the manifest of the first run that has it. */
export function lateHoldNotes(late: readonly LateHold[], unlooked: string | null): readonly string[] {
  return [
    ...late.map(({ kind, name, before }) => {
      const [what, again] =
        kind === 'room'
          ? [`Room "${name}"`, '`state reset` of the room']
          : [`User "${name}"`, '`state forget`, which has every room read again'];
      return `${what} is held by the job since this run. What purges by time had removed before (messages sent before ${before}) is not in the archive: the hold keeps what is there, and what is read from now on. What the server still has of it is read once more after ${again}.`;
    }),
    ...(unlooked === null
      ? []
      : [
          `Which names held rooms and people had before could not be looked up (${unlooked}): messages of those that the job names by such a name were left out where a purge by time says so.`,
        ]),
  ];
}
