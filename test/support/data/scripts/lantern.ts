import type { Script } from './script.ts';

export const lantern: readonly Script[] = [
  { lines: ['A: Prototype runs on {host}', 'B: it is slow', 'A: it is a prototype', 'B: fair'] },
  {
    thread: true,
    lines: [
      'A: Scope of Lantern: {feature}, nothing else',
      'B: and {feature}?',
      'A: *nothing else*',
      'C: :zipper_mouth:',
    ],
  },
  {
    lines: [
      'A: Demo on {day} at {time} for {customer}',
      'B: I prepare the data',
      'C: and I the excuses',
      'A: {@B} {thanks}',
    ],
  },
  { lines: ['A: Lantern goes into maintenance. Thank you all, it was fun.', 'B: :lamp:', 'C: so long'] },
  { lines: ['A: Benchmarks: {N} docs/s, {n} MB', 'B: with or without the index?', 'A: without', 'B: wow'] },
];
