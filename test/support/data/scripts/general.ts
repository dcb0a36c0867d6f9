import type { Script } from './script.ts';

export const general: readonly Script[] = [
  { lines: ['A: Welcome {@B} to the team! :wave:', 'B: hello everybody, greetings from {city}', 'C: welcome!'] },
  { lines: ['A: {@all} the all-hands is on {day} at {time}', 'B: agenda?', 'A: https://wiki.example.org/all-hands'] },
  { lines: ['A: The office in {city} has a new door code. Ask {@}.', 'B: not here, please :smile:', 'A: right'] },
  { lines: ['A: Thank you for {v}, customers love {feature}', 'B: :heart:', 'C: team effort'] },
];
