import { StoppedError } from '../../errors.ts';
import type { RocketChat } from '../../model/rocketchat.ts';

/** A task that a worker is at. */
interface TaskAtWork {
  /** The door to the server for its reading alone, which closes when the task is taken over by another worker. */
  reading(chat: Pick<RocketChat, 'reader'>): Pick<RocketChat, 'reader'>;
  isTakenOver(): boolean;
  /** By endpoint, how many answers it has had. */
  requests(): Readonly<Record<string, number>>;
  end(): void;
}

/** The tasks that a worker is at. One that was lost, since the event loop was blocked, is read no further. */
export class TasksAtWork {
  readonly #tasks = new Map<string, { readonly stop: AbortController; readonly sayAlive: () => void }>();

  begin(id: string, sayAlive: () => void): TaskAtWork {
    const stop = new AbortController();
    const task = { stop, sayAlive };
    const requests: Record<string, number> = {};
    this.#tasks.set(id, task);
    return {
      reading: (chat) => ({
        reader: () => {
          const reader = chat.reader();
          return {
            get: async (...asked) => {
              stop.signal.throwIfAborted();
              const answer = await reader.get(...asked);
              const [endpoint] = asked;
              requests[endpoint] = (requests[endpoint] ?? 0) + 1;
              return answer;
            },
            letGo: () => reader.letGo(),
          };
        },
      }),
      isTakenOver: () => stop.signal.aborted,
      requests: () => requests,
      // Another attempt at the same task may have begun meanwhile.
      end: () => {
        if (this.#tasks.get(id) === task) this.#tasks.delete(id);
      },
    };
  }

  /** Others are at these tasks now; default: all of them. */
  takenOver(ids: Iterable<string> = this.#tasks.keys()): void {
    for (const id of ids) this.#tasks.get(id)?.stop.abort(new StoppedError('The list is read by another worker'));
  }

  tick(): void {
    for (const { sayAlive } of this.#tasks.values()) sayAlive();
  }
}
