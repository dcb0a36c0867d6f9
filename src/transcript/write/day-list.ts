import { dayMs } from '../../model/time/durations.ts';
import type { Html } from '../markup/html.ts';
import type { DayOnPage } from '../page/messages-page.ts';
import type { ZonedTime } from '../text/zoned-time.ts';

/** The messages of a page, day by day. */
export class DayList {
  readonly #zone: ZonedTime;
  /** Of the last message: days since 1970 as the zone counts them, and the day for people. */
  #wallDay = NaN;
  #day = '';
  #days: { readonly day: string; readonly articles: Buffer[] }[] = [];

  constructor(zone: ZonedTime) {
    this.#zone = zone;
  }

  add(ms: number, article: Html): void {
    const wallDay = Math.floor(this.#zone.wallMs(ms) / dayMs);
    if (wallDay !== this.#wallDay) [this.#wallDay, this.#day] = [wallDay, this.#zone.day(ms)];
    const day = this.#day;
    const last = this.#days.at(-1);
    const bytes = Buffer.from(article.source);
    if (last?.day === day) last.articles.push(bytes);
    else this.#days.push({ day, articles: [bytes] });
  }

  /** What was added since the last time. */
  take(): readonly DayOnPage[] {
    const days = this.#days;
    this.#days = [];
    return days;
  }
}
