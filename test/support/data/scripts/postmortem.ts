import type { Script } from './script.ts';

export const postmortem: readonly Script[] = [
  {
    lines: [
      'A: Timeline: {time} first alert, {time} page, {time} fix',
      'B: why {n} minutes from alert to page?',
      'A: the alert went to a room nobody reads',
      'C: {@B} we should test the pager weekly',
    ],
  },
  {
    lines: [
      'A: Root cause: {service} retried without backoff, {N} times a second',
      'B: so we were our own attacker',
      'A: yes',
    ],
  },
  {
    lines: [
      'A: Action: jitter in every client, owner {@B}, until {day}',
      'B: {ok}',
      'A: Action: alert on {pct}% of the error budget, owner {@}',
    ],
  },
];
