/** Keys and list indexes from the top of a job to one value: `['sinks', 0, 'format']`. */
export type KeyPath = readonly (string | number)[];

/** One thing to mend in a job, before it is known where the job was written (a file, flags, the environment). */
export interface JobProblem {
  readonly path: KeyPath;
  /** The key itself is wrong, not its value. */
  readonly at?: 'key';
  /** What is wrong and what was expected. Never holds a value of `server` or a value that a variable brought. */
  readonly text: string;
  readonly hint?: string;
  /** The value was taken from this environment variable because the job does not name it. */
  readonly variable?: string;
}

/** `sinks[0].format`, as a person would write it. */
export function formatKeyPath(path: KeyPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}

/** Whether `path` is `other` or lies below it. */
export function isPathWithin(path: KeyPath, other: KeyPath): boolean {
  return other.every((step, index) => path[index] === step);
}

/** Whether a value there is never shown, even where no variable brought it. */
export function isSecretPath(path: KeyPath): boolean {
  const isOfSecrets = ['server', 'sign', 'notify', 'load', 'push'].includes(String(path[0]));
  return isOfSecrets || path.includes('pseudonymize') || path.includes('options');
}

/** `title` and then one line a problem, its hint below it. */
export function formatProblems(
  title: string,
  lines: readonly { readonly line: string; readonly hint?: string }[],
): string {
  const count = lines.length === 1 ? '1 problem' : `${lines.length} problems`;
  const body = lines.map(({ line, hint }) => `\n  ${line}${hint === undefined ? '' : `\n    ${hint}`}`);
  return `${title}: ${count}${body.join('')}`;
}
