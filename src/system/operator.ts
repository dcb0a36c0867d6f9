import { hostname, userInfo } from 'node:os';

/** Who runs the program, for records; null: the system does not say. */
export interface Operator {
  /** Name of the machine. */
  readonly host: string | null;
  /** Account of the operating system. */
  readonly user: string | null;
}

interface System {
  readonly hostname: () => string;
  readonly userInfo: () => { readonly username: string };
}

export const unknownOperator: Operator = { host: null, user: null };

/** `userInfo` throws for an account without an entry in passwd, as containers have them. Source: Node.js, os.userInfo */
export function thisOperator(system: System = { hostname, userInfo: () => userInfo() }): Operator {
  return { host: orNull(system.hostname), user: orNull(() => system.userInfo().username) };
}

function orNull(ask: () => string): string | null {
  try {
    const answer = ask();
    return answer === '' ? null : answer;
  } catch {
    return null;
  }
}
