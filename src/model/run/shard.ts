/** One of the parts that a workspace is split into: see ownRooms. */
export interface Shard {
  /** From 0, less than `count`. */
  readonly index: number;
  readonly count: number;
}

/** "1 of 4", for people: counted from 0, as `index` is. */
export function shardText({ index, count }: Shard): string {
  return `${index} of ${count}`;
}
