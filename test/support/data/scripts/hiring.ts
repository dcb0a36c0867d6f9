import type { Script } from './script.ts';

export const hiring: readonly Script[] = [
  {
    thread: true,
    lines: [
      'A: Candidate {n} for the platform role: please leave notes here',
      'B: strong on databases, honest about what they do not know',
      'C: good questions. +1',
      'D: I would like a second talk about operations',
      'A: {@D} can you take that on {day} at {time}?',
      'D: {ok}',
    ],
  },
  { lines: ['A: The job ad is live: https://jobs.example.org/{n}', 'B: typo in line {d}', 'A: fixed, {thanks}'] },
  {
    lines: [
      'A: Offer accepted!! Starts on {day} in {city}',
      'B: :tada:',
      'C: :champagne:',
      'A: {@B} please order a laptop',
    ],
  },
  { lines: ['A: Interview at {time}, panel is me, {@B} and {@C}', 'B: room or video?', 'A: video', 'C: {ok}'] },
  { lines: ['A: Reminder: notes *before* the debrief, not after', 'B: guilty', 'A: :eyes:'] },
];
