import { minuteMs } from '../model/time/durations.ts';
import type { ExtractEntry, Job } from '../job/job.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import { endpointFor } from '../endpoints/entry-endpoints.ts';
import { changesEndpoint } from '../model/stream.ts';
import { entryRooms } from '../plan/rooms/entry-rooms.ts';
import type { StreamEstimate } from './estimate-run.ts';
import { limitOf, waitAtLimitMs } from './limit-time.ts';
import type { RunForecast } from './forecast-run.ts';

/** What one entry of a job asks of one endpoint. */
export interface PlanLine {
  /** The rooms as the job's entry names them; null: what changed in rooms read before; the login and the list of rooms. */
  readonly entry: readonly string[] | null;
  readonly endpoint: string;
  readonly rooms: number;
  /** Rooms that no run has read. */
  readonly newRooms: number;
  readonly messages: number;
  readonly requests: number;
  /** At the server's limit, this line alone; null when the server reports none. */
  readonly minutes: number | null;
  /** Rooms of which the length was inferred from others. */
  readonly extrapolated: number;
  /** Rooms that the server refuses. */
  readonly refused: number;
}

/** The figures of a plan, and what decides how long its run takes. */
export interface PlanSummary {
  /** In the order of the job's entries. */
  readonly lines: readonly PlanLine[];
  readonly total: Pick<
    PlanLine,
    'rooms' | 'newRooms' | 'messages' | 'requests' | 'minutes' | 'extrapolated' | 'refused'
  >;
  /** The endpoint that decides how long the run takes; null when none waits. */
  readonly slowest: string | null;
  /** The strictest limit reported; null when the server reports none. */
  readonly limit: { readonly calls: number; readonly windowMs: number } | null;
}

/** The figures of a plan by entry and endpoint. Endpoints wait for their limits side by side, so the slowest decides. */
export function summarizePlan(job: Job, { streams, changes, requests, rateLimits }: RunForecast): PlanSummary {
  const minutesFor = (endpoint: string, count: number): number | null => {
    const limit = limitOf(endpoint, rateLimits);
    return limit === undefined ? null : waitAtLimitMs(count, limit) / minuteMs;
  };
  const entryOf = entriesOf(job.extract, streams);
  const lines = job.extract.flatMap((entry) => {
    const ofEntry = streams.filter((one) => entryOf.get(one) === entry);
    const names = [...new Set(ofEntry.map(requested))];
    return names.map((endpoint): PlanLine => {
      const figures = figuresOf(ofEntry.filter((one) => requested(one) === endpoint));
      return { entry: entry.rooms, endpoint, ...figures, minutes: minutesFor(endpoint, figures.requests) };
    });
  });
  const walked = new Set(streams.map(requested));
  const fixed = Object.entries(requests).filter(([endpoint]) => !walked.has(endpoint) && endpoint !== changesEndpoint);
  const none = { rooms: 0, newRooms: 0, messages: 0, minutes: 0, extrapolated: 0, refused: 0 };
  const connecting: PlanLine = {
    ...none,
    entry: null,
    endpoint: fixed.map(([endpoint]) => endpoint).join(', '),
    requests: fixed.reduce((sum, [, count]) => sum + count, 0),
  };
  const changesLine: PlanLine = {
    ...none,
    entry: null,
    endpoint: changesEndpoint,
    ...changes,
    minutes: minutesFor(changesEndpoint, changes.requests),
  };

  const waits = Object.entries(requests).map(([endpoint, count]) => ({
    endpoint,
    minutes: minutesFor(endpoint, count),
  }));
  const [slowest] = waits.toSorted((a, b) => (b.minutes ?? 0) - (a.minutes ?? 0));
  const [strictest] = Object.keys(rateLimits).flatMap((endpoint) => limitOf(endpoint, rateLimits) ?? []);
  const figures = figuresOf(streams);
  return {
    lines: [...lines, ...(changes.rooms > 0 ? [changesLine] : []), connecting],
    total: {
      ...figures,
      rooms: new Set(streams.map(({ stream }) => stream.room.id)).size,
      newRooms: new Set(streams.filter(isNew).map(({ stream }) => stream.room.id)).size,
      requests: figures.requests + changes.requests + connecting.requests,
      minutes: strictest === undefined ? null : (slowest?.minutes ?? 0),
    },
    slowest: slowest !== undefined && (slowest.minutes ?? 0) > 0 ? slowest.endpoint : null,
    limit: strictest ?? null,
  };
}

function requested({ stream: { endpoint, via } }: StreamEstimate): string {
  return endpoints[endpoint].requested(via);
}

/** The entry each stream came from: the first that reads its room by its endpoint. */
function entriesOf(
  extract: readonly ExtractEntry[],
  streams: readonly StreamEstimate[],
): ReadonlyMap<StreamEstimate, ExtractEntry | undefined> {
  const rooms = streams.map(({ stream }) => stream.room);
  const selected = extract.map((entry) => ({
    entry,
    ids: new Set(entryRooms(entry, rooms).selected.map(({ id }) => id)),
  }));
  return new Map(
    streams.map((one) => {
      const { endpoint, room } = one.stream;
      return [one, selected.find(({ entry, ids }) => endpointFor(entry, room) === endpoint && ids.has(room.id))?.entry];
    }),
  );
}

function isNew({ stream }: StreamEstimate): boolean {
  return stream.isNew;
}

function figuresOf(streams: readonly StreamEstimate[]): Omit<PlanLine, 'entry' | 'endpoint' | 'minutes'> {
  return {
    rooms: new Set(streams.map(({ stream }) => stream.room.id)).size,
    newRooms: streams.filter(isNew).length,
    messages: streams.reduce((sum, { messages }) => sum + (messages ?? 0), 0),
    requests: streams.reduce((sum, { requests }) => sum + (requests ?? 0), 0),
    extrapolated: streams.filter(({ basis }) => basis === 'extrapolated').length,
    refused: streams.filter(({ basis }) => basis === 'refused').length,
  };
}
