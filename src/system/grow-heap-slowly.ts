import { setFlagsFromString } from 'node:v8';

/** The newest Node for which it was looked up that V8 still has the flag: to one that has not, V8 says so on stderr. */
const newestMajor = 24;

/** Heaps are cleared when half as much has been added as was in use after the last time. */
export const heapGrowthFlag = '--heap-growing-percent=50';

/**
 * Makes V8 clear the heaps of all threads sooner. Left to itself it lets a heap grow to up to four times what was in use, also
 * where that is hundreds of megabytes: of what a run over 50,000 rooms took, most was garbage. Memory is what a run of many rooms
 * is short of, and clearing the heap more often costs it a few percent. To be called when the modules are loaded: code that Node
 * has compiled before, V8 takes only under the flags that it was compiled under.
 *
 * Node warns of changing V8's flags while it runs. This one is a number that V8 reads each time it decides how far a heap may
 * grow (`MemoryController::GrowingFactor` in its source, from Node 20 to 24), and nothing is laid out by it.
 */
export function growHeapSlowly(nodeVersion: string, setFlag: (flag: string) => void = setFlagsFromString): void {
  if (Number.parseInt(nodeVersion, 10) <= newestMajor) setFlag(heapGrowthFlag);
}
