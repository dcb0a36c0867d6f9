import type { Script } from './script.ts';

export const lunch: readonly Script[] = [
  { lines: ['A: Lunch?', 'B: {place}?', 'C: {time}?', 'A: {ok}'] },
  {
    lines: [
      'A: {dish} at {place} today, who is in?',
      'B: me!',
      'C: :raised_hand:',
      'D: sadly in a call until {time}',
      'A: we keep you a seat {@D}',
    ],
  },
  { lines: ['A: 🍜', 'B: 🍜🍜', 'C: {place}, {time}'] },
  {
    lines: [
      'A: I made too much {dish}, it is in the fridge, *please eat*',
      'B: best news of the day',
      'A: label says "not poison"',
      'B: :ok_hand:',
    ],
  },
  { lines: ['A: {place} is closed on {day}s now :sob:', 'B: nooo', 'C: {dish} then?', 'A: fine'] },
  {
    thread: true,
    lines: [
      'A: Cake for the birthday of {B}: chocolate or lemon?',
      'C: lemon',
      'D: chocolate',
      'A: both',
      'B: I can read this channel you know :birthday:',
    ],
  },
  {
    lines: [
      'A: Coffee machine says E{n}',
      'B: that is "please descale"',
      'C: or "please hug"',
      'A: descaled and hugged ☕',
    ],
  },
  { lines: ['A: Rezept für {dish}:\n1. Zwiebeln\n2. mehr Zwiebeln\n3. {n} Minuten Geduld', 'B: Guten Appetit!'] },
  { lines: ['A: Table for {d} at {time}, booked', 'B: +1 from me if there is space', 'A: there is'] },
  { lines: ['A: who took my yoghurt', 'B: :eyes:', 'C: 👀'] },
  { lines: ['A: היום {dish}?', 'B: כן! ב-{time}', 'A: מעולה 😋'] },
  { lines: ["A: Score of today's {dish}: {d}/10", 'B: harsh', 'C: fair'] },
  { lines: ['A: 今日のランチは{dish}でどう?', 'B: いいね :ramen:', 'C: 我也去'] },
  {
    lines: [
      'A: Picnic on {day}, weather says {n}°C',
      'B: I bring {dish}',
      'C: I bring a ball and no skill',
      'A: perfect',
      'D: :sun_with_face:',
    ],
  },
  { lines: ['A: {@all} fire drill at {time}, good moment for lunch outside', 'B: :fire_engine:'] },
];
