/**
 * Conversations with holes, from which the texts of the sample workspace are made. `A: ` names a speaker; `{a|b}` is a
 * choice, `{word}` a filling of `fillings` (a fresh one with a 2 after it), `{@B}` a mention of speaker B, `{@}` of anybody, `{B}` a speaker's first name.
 */
export interface Script {
  /** The first line opens a thread, the others are replies in it. */
  readonly thread?: true;
  readonly lines: readonly string[];
}
