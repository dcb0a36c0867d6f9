import type { StateChange } from '../../state/recorded-change.ts';
import type {
  AnyManifest,
  CompactionManifest,
  KeyManifest,
  Manifest,
  PurgeManifest,
  StateManifest,
} from '../manifest.ts';

/** What a link says of the state, but for what it says of each room and person. */
type StateHead = Omit<StateChange, 'lists' | 'changes' | 'rooms' | 'leftOut' | 'users' | 'memberLists' | 'memberships'>;

export type HeadOf<M extends AnyManifest> = Omit<M, 'lists' | 'changes' | 'state'> & { readonly state: StateHead };
type WithStateOf<M extends AnyManifest> = Omit<M, 'lists' | 'changes'>;

/**
 * A link of an archive's chain without what it says of each room. Of those the link of a first run has a kilobyte each:
 * whoever needs none of it does not have it in memory.
 */
export type LinkHead =
  HeadOf<Manifest> | HeadOf<CompactionManifest> | HeadOf<PurgeManifest> | HeadOf<StateManifest> | HeadOf<KeyManifest>;

/** The same, with all that it changed of the state. */
export type LinkWithState =
  | WithStateOf<Manifest>
  | WithStateOf<CompactionManifest>
  | WithStateOf<PurgeManifest>
  | WithStateOf<StateManifest>
  | WithStateOf<KeyManifest>;
