import type { LockDuration } from './lock-duration.ts';
import type { StorageTarget } from './storage-target.ts';

/** Where a job has its archive copied to. */
export interface PushTarget {
  readonly to: StorageTarget;
  /** For how long nobody may remove what is pushed; absent: it is not locked. */
  readonly objectLock?: LockDuration;
}
