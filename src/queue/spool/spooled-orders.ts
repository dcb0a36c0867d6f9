import type { RunStream } from '../../plan/run-plan.ts';
import { listNumber } from '../task-queue.ts';
import type { SpoolOrder } from './spool-order.ts';
import type { Spool, SpooledRun } from './spool.ts';

/** A list that a run has its workers read. */
interface OrderedList {
  readonly run: SpooledRun;
  readonly order: SpoolOrder;
  readonly stream: RunStream;
}

interface KnownOrder {
  readonly order: SpoolOrder;
  readonly streams: ReadonlyMap<string, RunStream>;
}

/** Runs whose orders are kept: of 50,000 rooms one has some dozen megabytes, and is asked for each of them. */
const keptOrders = 4;

/** What the runs of a spool have their workers read, each read once. */
export class SpooledOrders {
  readonly #spool: Spool;
  readonly #known = new Map<string, Promise<KnownOrder | undefined>>();

  constructor(spool: Spool) {
    this.#spool = spool;
  }

  /** undefined: the run takes nothing any more, or has no such list. @throws OutputError when its order is damaged */
  async listOf(key: string, list: string): Promise<OrderedList | undefined> {
    const run = this.#spool.run(key);
    if (!(await run.isOpen())) {
      this.#known.delete(key);
      return undefined;
    }
    const known = this.#known.get(key) ?? this.#read(run);
    this.#known.delete(key);
    this.#known.set(key, known);
    for (const oldest of [...this.#known.keys()].slice(0, -keptOrders)) this.#known.delete(oldest);
    const { order, streams } = (await known) ?? {};
    const stream = streams?.get(list);
    return order === undefined || stream === undefined ? undefined : { run, order, stream };
  }

  async #read(run: SpooledRun): Promise<KnownOrder | undefined> {
    const order = await run.order();
    if (order === undefined) return undefined;
    const { streams, rereads } = order.runPlan;
    return { order, streams: new Map([...streams, ...rereads].map((stream) => [listNumber(stream), stream])) };
  }
}
