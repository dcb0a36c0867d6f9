import { z } from 'zod';
import type { MemberListState, MembershipState, UserState } from '../../../model/people/people-state.ts';
import type { JsonParts } from '../../json/read-json-parts.ts';
import { parseShape } from '../../json-shape.ts';
import { sortedRecord } from '../../sorted-record.ts';
import { stateEntries } from '../../state/state-schema.ts';
import type { ChangesState, LeftOutState, ListState } from '../../state/state.ts';
import type { LinkHead, LinkWithState } from './link-head.ts';
import type { AnyManifest, ManifestChanges, ManifestList } from '../manifest.ts';
import { keyManifestSchema, stateManifestSchema } from '../schema/bare-schema.ts';
import { checkReplaced, compactionSchema } from '../schema/compaction-schema.ts';
import { exportSchema, manifestChangesSchema, manifestListSchema } from '../schema/export-schema.ts';
import { checkFiles, stateChangeSchema } from '../schema/link-keys.ts';
import { checkPurged, purgeSchema } from '../schema/purge-schema.ts';

/** How much of a manifest is kept in memory when it is read piece by piece. */
export interface ManifestReader<M> {
  readonly parts: JsonParts;
  /** Of what is left of the manifest by `parts`. @throws JsonShapeError */
  readonly parse: (value: object) => M;
  /** Of one that was read as a whole, because it is small or something is wrong with it. */
  readonly ofWhole: (manifest: AnyManifest) => M;
}

/** What a change of the state says of each: entries that say null are gone. */
const changeEntries = {
  lists: stateEntries.lists.nullable(),
  changes: stateEntries.changes.nullable(),
  rooms: stateEntries.rooms.nullable(),
  leftOut: stateEntries.leftOut.nullable(),
  users: stateEntries.users.nullable(),
  memberLists: stateEntries.memberLists.nullable(),
  memberships: stateEntries.memberships.nullable(),
};

/** What a manifest says of each room. */
export const manifestEntries = { lists: manifestListSchema, changes: manifestChangesSchema, state: changeEntries };

const noEntries = {
  lists: null,
  changes: null,
  rooms: null,
  leftOut: null,
  users: null,
  memberLists: null,
  memberships: null,
};
const headOfState = stateChangeSchema.omit({
  lists: true,
  changes: true,
  rooms: true,
  leftOut: true,
  users: true,
  memberLists: true,
  memberships: true,
});

const checkedState = stateChangeSchema.extend({
  lists: sortedRecord(z.custom<ListState | null>()),
  changes: sortedRecord(z.custom<ChangesState | null>()),
  rooms: sortedRecord(z.custom<string | null>()),
  leftOut: sortedRecord(z.custom<LeftOutState | null>()).exactOptional(),
  users: sortedRecord(z.custom<UserState | null>()).exactOptional(),
  memberLists: sortedRecord(z.custom<MemberListState | null>()).exactOptional(),
  memberships: sortedRecord(z.custom<MembershipState | null>()).exactOptional(),
});

const kept = (schema: z.ZodType) => (entry: unknown) => parseShape(schema, entry);
const checked = (schema: z.ZodType) => (entry: unknown) => void parseShape(schema, entry);

const keptState = {
  lists: kept(changeEntries.lists),
  changes: kept(changeEntries.changes),
  rooms: kept(changeEntries.rooms),
  leftOut: kept(changeEntries.leftOut),
  users: kept(changeEntries.users),
  memberLists: kept(changeEntries.memberLists),
  memberships: kept(changeEntries.memberships),
};

const headSchema = linkSchema(headOfState);
const withStateSchema = linkSchema(checkedState);

/** What a link says beside each room. Of rooms nothing is parsed. */
export const headReader: ManifestReader<LinkHead> = {
  parts: { lists: null, changes: null, state: noEntries },
  parse: (value) => parseShape(headSchema, value),
  ofWhole: (manifest) => manifest,
};

/** The same, and all that it changed of the state. What it says of each room beside that is checked, and not kept. */
export const stateReader: ManifestReader<LinkWithState> = {
  parts: { lists: checked(manifestListSchema), changes: checked(manifestChangesSchema), state: keptState },
  parse: (value) => parseShape(withStateSchema, value),
  ofWhole: (manifest) => manifest,
};

const allSchema = z.discriminatedUnion('kind', [
  z
    .object({
      ...exportSchema.shape,
      lists: z.array(z.custom<ManifestList>()),
      changes: z.array(z.custom<ManifestChanges>()),
      state: checkedState,
    })
    .superRefine(checkFiles),
  ...othersWith(checkedState),
]);

/** A manifest whose entries are checked one by one, elsewhere. @throws JsonShapeError */
export function parseAllChecked(value: object): AnyManifest {
  return parseShape(allSchema, value);
}

/** All of it. */
export const wholeReader: ManifestReader<AnyManifest> = {
  parts: { lists: kept(manifestListSchema), changes: kept(manifestChangesSchema), state: keptState },
  parse: parseAllChecked,
  ofWhole: (manifest) => manifest,
};

function linkSchema<State extends z.ZodType>(state: State) {
  const ofRun = z.object(exportSchema.shape).omit({ lists: true, changes: true }).extend({ state });
  return z.discriminatedUnion('kind', [ofRun.superRefine(checkFiles), ...othersWith(state)]);
}

function othersWith<State extends z.ZodType>(state: State) {
  return [
    z
      .object({ ...compactionSchema.shape, state })
      .superRefine(checkFiles)
      .superRefine(checkReplaced),
    z
      .object({ ...purgeSchema.shape, state })
      .superRefine(checkFiles)
      .superRefine(checkPurged),
    z.object({ ...stateManifestSchema.shape, state }),
    z.object({ ...keyManifestSchema.shape, state }),
  ] as const;
}
