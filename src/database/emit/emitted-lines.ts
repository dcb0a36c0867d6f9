import type { EmitState } from './emit-state.ts';

/** Messages of a protocol, each a line. */
export interface EmittedLines {
  /** Some thousand, each with its line feed. */
  readonly lines: string;
  /** What a target has when it has stored these lines and all before: to be handed over the next time. null: in between. */
  readonly state: EmitState | null;
}

export function betweenStates(lines: string): EmittedLines {
  return { lines, state: null };
}
