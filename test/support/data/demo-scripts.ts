import { design } from './scripts/design.ts';
import { direct } from './scripts/direct.ts';
import { general } from './scripts/general.ts';
import { hiring } from './scripts/hiring.ts';
import { lantern } from './scripts/lantern.ts';
import { lunch } from './scripts/lunch.ts';
import { ops } from './scripts/ops.ts';
import { postmortem } from './scripts/postmortem.ts';
import { releases } from './scripts/releases.ts';
import { support } from './scripts/support.ts';

export const scripts = { ops, releases, support, design, lunch, hiring, lantern, postmortem, general, direct } as const;

/** How many lines of each topic the data holds at least. */
export const lineCounts: Readonly<Record<keyof typeof scripts, number>> = {
  ops: 820,
  releases: 620,
  support: 640,
  design: 360,
  lunch: 420,
  hiring: 180,
  lantern: 140,
  postmortem: 60,
  general: 160,
  direct: 80,
};
