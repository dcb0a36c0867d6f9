import { ExportError, StoppedError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { ConnectOptions } from '../rocketchat/connect.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import { proxyFor as systemProxyFor } from '../rocketchat/http/proxy-for.ts';
import { withChat } from '../rocketchat/with-chat.ts';
import type { Environment } from '../environment.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';

/** What replaces parts of the environment for a look at a workspace, a signal to end it, and what is called before pauses. */
export interface LookOptions
  extends
    Partial<Pick<Environment, 'clock' | 'random' | 'disk' | 'proxyFor'>>,
    Pick<ConnectOptions, 'signal' | 'requestTimeoutMs' | 'onWait'> {}

/** The workspace that a job was tried on. */
export interface JobServer extends Pick<RocketChat, 'url' | 'user'> {
  /** null: the server does not say. */
  readonly version: string | null;
}

interface Look extends Pick<Environment, 'clock' | 'disk' | 'random'> {
  readonly chat: RocketChat;
}

/**
 * Connects to the job's server for the time of `use`. Takes no lock: another process may be writing to the archive.
 *
 * @throws for an aborted signal its reason when that is an ExportError, else StoppedError
 */
export async function look<T>(job: Job, options: LookOptions, use: (look: Look) => Promise<T>): Promise<T> {
  const surroundings = { ...systemSurroundings(), proxyFor: systemProxyFor, ...omitUndefined(options) };
  const { clock, random, disk, proxyFor, signal, requestTimeoutMs, onWait } = surroundings;
  const connection = {
    ...job.server,
    concurrency: job.concurrency,
    clock,
    random,
    proxyFor,
    ...omitUndefined({ signal, requestTimeoutMs, onWait }),
  };
  try {
    return await withChat(connection, (chat) => use({ chat, clock, disk, random }));
  } catch (error) {
    // The connection says of a signal without words that what was read is saved, as it is in a run.
    const isSaid = signal?.aborted !== true || signal.reason instanceof ExportError;
    if (isSaid || !(error instanceof StoppedError)) throw error;
    throw new StoppedError('The look at the workspace was stopped: nothing was written', {
      hint: 'Look again: it begins anew',
    });
  }
}

export async function serverOf(chat: RocketChat): Promise<JobServer> {
  return { url: chat.url, version: await chat.version(), user: chat.user };
}
