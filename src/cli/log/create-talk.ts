import type { Level, Talk } from './talk.ts';
import type { World } from '../world.ts';

export interface TalkOptions {
  readonly logFormat?: 'json' | 'pretty';
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** On a terminal plain lines and a status line, elsewhere log lines, in the format asked for. */
export async function createTalk({ logFormat, quiet, verbose }: TalkOptions, world: World): Promise<Talk> {
  const level: Level = quiet ? 'warn' : verbose ? 'detail' : 'info';
  if (logFormat === 'json') {
    const { createJsonTalk } = await import('./json-talk.ts');
    return createJsonTalk(world, level);
  }
  const { createLineTalk } = await import('./line-talk.ts');
  const isLive = logFormat === undefined && world.stderr.columns !== null;
  return createLineTalk(world, level, isLive ? (quiet ? 'plain' : 'live') : 'timed');
}
