import type { Script } from './script.ts';

export const design: readonly Script[] = [
  {
    thread: true,
    lines: [
      'A: New take on {feature}, please be honest',
      'B: the contrast of #a0b0c0 on white is too low',
      'A: changed to #405060',
      'C: I like it. Is the *second* button needed?',
      'A: {@C} no :smile: removed',
    ],
  },
  {
    lines: [
      'A: Usability test with {d} people from {city} on {day}',
      'B: Findings?',
      'A: 1. nobody finds {feature}\n2. everybody likes the icons\n3. "Where is the back button?"',
      'B: 3 every single time',
    ],
  },
  { lines: ['A: Which one, left or right?', 'B: left', 'C: right', 'A: great :upside_down:'] },
  {
    lines: [
      'A: Copy for the empty state: "Nothing here yet. That\'s fine."',
      'B: I would drop "yet"',
      'C: I would drop "that\'s fine"',
      'A: "Nothing here."',
      'B: :ok_hand:',
    ],
  },
  {
    lines: [
      'A: Icon set v{d} is in the library, {n} icons, all on a 24px grid',
      'B: {thanks} the arrows look so much better',
      'A: ➡️ ⬅️ ⬆️ ⬇️',
    ],
  },
  {
    lines: [
      'A: Font question: does our font have ő and ű?',
      'B: yes, but not 한국어 and not עברית',
      'A: so fallback for those, ok',
    ],
  },
  {
    thread: true,
    lines: [
      'A: {feature}: tabs or accordion?',
      'B: tabs, unless there are more than {d}',
      'C: accordion on mobile',
      'A: ok: tabs, accordion below 600px',
      'B: {@A} ship it :ship:',
    ],
  },
  {
    lines: [
      'A: the formula on the pricing page is wrong: \\(n \\cdot p - d\\) should be \\(n \\cdot (p - d)\\)',
      'B: good catch, {ticket}',
    ],
  },
  {
    lines: [
      'A: Photos for the {city} page: https://files.example.org/press/{hex}.zip',
      'B: number {n} is lovely',
      'A: took it myself :camera:',
    ],
  },
  { lines: ['A: Can we *please* stop centering long text', 'B: can we\n\nplease\n\nstop', 'C: 😂😂😂'] },
  {
    lines: [
      'A: Accessibility audit: {n} issues, {d} serious. Worst: {feature} without labels.',
      'B: taking the serious ones',
      'A: {thanks} {@B}',
    ],
  },
];
