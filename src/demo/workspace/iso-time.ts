import { dayMs, hourMs, minuteMs } from '../../model/time/durations.ts';

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

let lastDay = Number.NaN;
let lastDate = '';

/** `toISOString` for dates of the years 0 to 9999, several times as fast where neighbours share a day. */
export function isoTime(ms: number): string {
  const day = Math.floor(ms / dayMs);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(day * dayMs).toISOString().slice(0, 11);
  }
  const rest = ms - day * dayMs;
  const [hours, minutes] = [Math.floor(rest / hourMs), Math.floor(rest / minuteMs) % 60];
  const time = `${twoDigits[hours] ?? ''}:${twoDigits[minutes] ?? ''}:${twoDigits[Math.floor(rest / 1000) % 60] ?? ''}`;
  return `${lastDate}${time}.${threeDigits[rest % 1000] ?? ''}Z`;
}
