import { emitSinger } from '../../../../src/database/singer/emit-singer.ts';
import { omitUndefined } from '../../../../src/omit-undefined.ts';
import { currentTableNames } from '../../../../src/snapshot/current-table.ts';
import type { Disk } from '../../../../src/system/disk.ts';
import { expectReplicated, SingerTarget } from '../../databases/singer-target.ts';

/** A target of Singer that follows an archive by what is emitted since it last looked. */
export class FollowingTarget {
  readonly #target = SingerTarget.empty();

  /** Looks again. @returns what differs, in any value, from what `latest` returns */
  async problems(disk: Disk, archive: string): Promise<readonly string[]> {
    const { state, tables } = this.#target;
    try {
      let text = '';
      for await (const { lines } of emitSinger(archive, { disk, ...omitUndefined({ state }) })) text += lines;
      this.#target.store(text.split('\n').slice(0, -1));
      const names = currentTableNames.filter((name) => tables.has(name));
      await expectReplicated(archive, this.#target, names, disk);
      return [];
    } catch (error) {
      return [`emit since ${state?.run ?? 'the beginning'}: ${String(error)}`];
    }
  }
}
