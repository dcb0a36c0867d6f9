/** A line to choose. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly hint?: string;
}

/** Asks somebody at a terminal. Every question rejects with an InterruptedError when Ctrl-C or Ctrl-D answers it. */
export interface Prompter {
  /** Says something before the next question. */
  say(text: string): void;
  /** @param problemOf what is wrong with an answer, shown until it is undefined */
  text(question: string, initial: string, problemOf: (answer: string) => string | undefined): Promise<string>;
  /** Shows none of what is typed. */
  secret(question: string): Promise<string>;
  choice<Value extends string>(question: string, choices: readonly Choice<Value>[]): Promise<Value>;
  /** One at least. Typing narrows a long list. */
  several(question: string, choices: readonly Choice<string>[]): Promise<readonly string[]>;
}
