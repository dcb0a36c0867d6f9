import { basename, dirname } from 'node:path';
import { verifyFile } from '../archive/verify/verify-file.ts';
import { DifferenceError } from '../errors.ts';
import { SeenIds } from '../snapshot/versions/seen-ids.ts';
import type { Disk } from '../system/disk.ts';
import { gatherArchive, type GatherOptions } from './gather-archive.ts';
import { nameForId } from './layout/page-names.ts';
import type { SelectedGroup } from './layout/selection.ts';
import { archivedMessage } from './read/archived-message.ts';
import { listedInParts, type FileOnPage } from './read/listed-files.ts';
import { rowOfLine } from './read/row-line.ts';
import type { Names } from './read/names.ts';
import type { Transcript } from './write-pages.ts';
import { numberText } from './write/book.ts';
import { TranscriptFolder } from './kept/transcript-folder.ts';
import { zipChunks } from './write/zip-chunks.ts';
import { emlMessage } from './eml/eml-message.ts';
import { rsmfEvent, type RsmfContext, type RsmfEvent, type RsmfFile } from './rsmf/rsmf-event.ts';
import { rsmfMessage } from './rsmf/rsmf-message.ts';
import { rsmfManifest, type RsmfUnit } from './rsmf/rsmf-unit.ts';

/** What a unit is written as. */
export type UnitFormat = 'rsmf' | 'eml';

/** What platforms are recommended to be given at most. Source: help.relativity.com, "Creating an RSMF file" */
const mostEvents = 10_000;

/**
 * Writes an archive as a file for each room and day: RSMF 2.0 for review platforms, mails for archives of mails. In memory are
 * the messages of a file, and the first messages of the threads of a room.
 *
 * @param folders absolute; whoever names them removes them
 * @throws as `gatherArchive`
 */
export async function writeUnits(
  disk: Disk,
  archives: readonly string[],
  folders: { readonly pages: string; readonly sort: string },
  options: GatherOptions & { readonly format: UnitFormat },
): Promise<Transcript> {
  const { signal, onProgress } = options;
  const gathered = await gatherArchive(disk, archives, folders.sort, options);
  const { zone, names, numbering, selected } = gathered;
  // In which archive a file lies, its path says.
  const files = new Map<string, FileOnPage>();
  for (const part of gathered.parts) {
    for (const [id, file] of await listedInParts([part], () => null)) {
      if (files.get(id)?.path != null) continue;
      files.set(id, { ...file, path: file.path === null ? null : `${part.archive}/${file.path}` });
    }
  }
  const book = { numbering, prefix: options.prefix ?? 'RC' };
  const context: RsmfContext = { numberOf: (id) => numberText(book, id), fileOf: (id) => files.get(id) };
  const folder = new TranscriptFolder(disk, folders.pages);
  const roots = await threadRoots(selected());
  await disk.makeFolder(folders.pages);

  let [rooms, messages, roomId, day, part] = [0, 0, '', '', 1];
  let events: RsmfEvent[] = [];
  let content = new Map<string, RsmfFile>();
  /** First messages of the threads of the room, without their files. */
  let known = new Map<string, RsmfEvent>();
  const flush = async (): Promise<void> => {
    if (events.length === 0) return;
    signal?.throwIfAborted();
    const unit = { roomId, day, part, events: withRoots(events, known), files: [...content.values()] };
    await writeUnit(disk, folder, unit, { names, zone: zone.zone, format: options.format });
    messages += events.length;
    onProgress?.({ kind: 'writing', messages, of: gathered.numbered });
    events = [];
    content = new Map();
  };
  for await (const groups of selected())
    for (const group of groups) {
      const message = archivedMessage(group.lines.map(rowOfLine));
      if (message === undefined) continue;
      if (group.roomId !== roomId) {
        await flush();
        [roomId, day] = [group.roomId, ''];
        known = new Map();
      }
      const made = rsmfEvent(message, context, group.part === 'context');
      if (roots.has(message.id)) known.set(message.id, made.event);
      if (group.part === 'out') continue;
      const today = zone.day(message.tsMs);
      if (today !== day || events.length >= mostEvents) {
        await flush();
        if (day === '') rooms += 1;
        [part, day] = [today === day ? part + 1 : 1, today];
      }
      events.push(made.event);
      for (const file of made.files) content.set(file.name, file);
    }
  await flush();
  return { rooms, messages, threads: 0, files: folder.files, bytes: folder.bytes };
}

/** Ids of the messages that shown replies belong to. */
async function threadRoots(batches: AsyncIterable<readonly SelectedGroup[]>): Promise<SeenIds> {
  const roots = new SeenIds(0);
  for await (const groups of batches)
    for (const { lines, part } of groups) {
      if (part !== 'out') for (const { threadId } of lines) if (threadId !== '') roots.note(threadId, 1);
    }
  return roots;
}

/** A reply stands behind the message that its thread began with, which is repeated where it was sent on another day. */
function withRoots(events: readonly RsmfEvent[], known: ReadonlyMap<string, RsmfEvent>): readonly RsmfEvent[] {
  const here = new Set(events.map(({ id }) => id));
  const repeated = new Map<string, RsmfEvent>();
  for (const { parent } of events) {
    const root = parent === undefined || here.has(parent) ? undefined : known.get(parent);
    if (root !== undefined) repeated.set(root.id, root);
  }
  // What a reply names has to be there.
  const whole = events.map((event) => {
    const { parent } = event;
    return parent === undefined || here.has(parent) || repeated.has(parent) ? event : omit(event, 'parent');
  });
  return [...[...repeated.values()].map(asContext), ...whole];
}

/** Its files stand in the file of its own day. */
function asContext(event: RsmfEvent): RsmfEvent {
  const custom = event.custom.filter(({ name }) => name !== 'context');
  return { ...omit(omit(event, 'parent'), 'attachments'), custom: [...custom, { name: 'context', value: 'true' }] };
}

function omit(event: RsmfEvent, left: 'parent' | 'attachments'): RsmfEvent {
  const { parent, attachments, ...rest } = event;
  return {
    ...rest,
    ...(parent !== undefined && left !== 'parent' && { parent }),
    ...(attachments !== undefined && left !== 'attachments' && { attachments }),
  };
}

async function writeUnit(
  disk: Disk,
  folder: TranscriptFolder,
  unit: RsmfUnit,
  facts: { readonly names: Names; readonly zone: string; readonly format: UnitFormat },
): Promise<void> {
  const { format } = facts;
  const files = unit.files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const file of files) if ('path' in file) await expectWhole(disk, file);
  const chunks =
    format === 'eml'
      ? emlMessage({ ...unit, files }, (path) => disk.readChunks(path), facts)
      : rsmfMessage(
          unit,
          zipChunks(disk, [
            { name: 'rsmf_manifest.json', text: rsmfManifest(unit, facts.names) },
            ...files.map((file) => ('path' in file ? { name: file.name, path: file.path } : file)),
          ]),
          facts,
        );
  const name = `${unit.day}${unit.part === 1 ? '' : `-${unit.part}`}.${format}`;
  await folder.writeChunks(`${nameForId(unit.roomId)}/${name}`, chunks);
}

async function expectWhole(
  disk: Disk,
  { path, sha256, sizeBytes }: { readonly path: string; readonly sha256: string; readonly sizeBytes: number },
): Promise<void> {
  const difference = await verifyFile(disk, dirname(path), { path: basename(path), sha256, sizeBytes });
  if (difference === undefined) return;
  const { expected, actual } = difference;
  throw new DifferenceError(`Cannot use "${path}": its table says ${expected}, and it is ${actual}`, {
    hint: 'Run `verify`: it names every file that is not what its manifest says',
  });
}
