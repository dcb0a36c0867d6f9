/**
 * Half of what repeats, and in another run of the suite the other half: every second of the places at which a run can be
 * cut, of the seeds of a life. A test that fails names its place or its seed.
 *
 * @returns what to begin with: 0 or 1
 */
export const firstOfEveryOther = (): number => Math.floor(Math.random() * 2);
