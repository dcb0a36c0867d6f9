import type { Query } from '../../model/rocketchat.ts';

/** While connecting, a server that does not answer is an error at once and for good; in mid-run it is a pause. */
type Phase = 'connecting' | 'running';

export interface Call {
  readonly method: 'GET' | 'POST';
  /** `groups.messages`; one that begins with a slash is a path of its own (`/api/info`). */
  readonly endpoint: string;
  readonly query?: Query;
  readonly json?: Readonly<Record<string, string | boolean>>;
  /** Of this call alone, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly phase: Phase;
  /** Nothing depends on the answer: not worth a second attempt. */
  readonly once?: boolean;
  /** Of a successful answer may be left out what no walk needs: see Answer. */
  readonly extent?: 'outline';
}

/** The room that it is about. */
export function roomIdOf({ query }: Call): string | undefined {
  const roomId = query?.['roomId'];
  return roomId === undefined ? undefined : String(roomId);
}

/** The room that a request in mid-run is about. */
export function roomInRun(request: Call): string | undefined {
  return request.phase === 'running' ? roomIdOf(request) : undefined;
}
