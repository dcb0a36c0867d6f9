import { readFileSync } from 'node:fs';

/**
 * Distinguishes a process from a later one with the same pid: the boot of the machine and the clock tick at which the
 * process started.
 *
 * @returns null where the system does not say (any but Linux; another user's process under `hidepid`) and for a process
 *   that is gone; `ended` for one that has ended and only waits to be collected
 *
 * Source: proc_pid_stat(5); the name in parentheses may itself hold spaces and parentheses, so fields count from its end
 */
export function processStartId(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Fields 3 (state) and 22 (starttime) of the manual.
    const [state, startTime] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return 'ended';
    if (startTime === undefined) return null;
    return `${boot}/${startTime}`;
  } catch {
    return null;
  }
}
