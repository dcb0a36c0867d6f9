import type { Script } from './script.ts';

export const direct: readonly Script[] = [
  { lines: ['A: do you have a minute?', 'B: in ten', 'A: {thanks}'] },
  { lines: ['A: can you review {ticket}?', 'B: {ok}', 'B: done, one question about {feature}', 'A: answered there'] },
  { lines: ['A: are you coming to {place}?', 'B: yes, {time}'] },
  {
    lines: [
      'A: draft of the report: https://docs.example.org/d/{hex}',
      'B: reads well. Page {d}: "it\'s" → "its"',
      'A: {thanks}',
    ],
  },
];
