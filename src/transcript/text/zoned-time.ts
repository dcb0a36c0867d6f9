import { hourMs, minuteMs, lastMs } from '../../model/time/durations.ts';
import { UsageError } from '../../errors.ts';

/** Times as the pages write them, in UTC and in one named zone, whose rules may change it twice a year. */
export class ZonedTime {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;
  /** By hour since 1970: what the zone is ahead of UTC, in milliseconds. Zones change on the quarter of an hour, at the least. */
  readonly #offsets = new Map<number, number>();

  /** @param zone an IANA name. @throws UsageError for one that is none */
  constructor(zone: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    } catch (cause) {
      throw new UsageError(`Unknown time zone "${zone}", expected an IANA name such as Europe/Berlin or UTC`, {
        cause,
      });
    }
    this.zone = zone;
  }

  /** `2026-03-29 01:59:59 UTC` */
  utc(ms: number): string {
    return `${secondsOf(ms)} UTC`;
  }

  /** `2026-03-29 03:59:59 +02:00` */
  local(ms: number): string {
    const offset = this.#offset(ms);
    const minutes = Math.abs(Math.trunc(offset / minuteMs));
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${secondsOf(ms + offset)} ${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
  }

  get isUtc(): boolean {
    return this.zone === 'UTC';
  }

  /** A moment within a sentence: in the zone and in UTC. */
  both(ms: number): string {
    return this.isUtc ? this.utc(ms) : `${this.local(ms)} (${this.utc(ms)})`;
  }

  /** `2026-03-29` */
  day(ms: number): string {
    return secondsOf(this.wallMs(ms)).slice(0, -9);
  }

  /** `2026-03` */
  month(ms: number): string {
    return this.day(ms).slice(0, -3);
  }

  /** What the clocks of the zone show, as the milliseconds at which those of UTC show the same. */
  wallMs(ms: number): number {
    return ms + this.#offset(ms);
  }

  /** The moment at which a day begins in the zone. @param utcMs that at which it begins in UTC */
  midnight(utcMs: number): number {
    // The offset that holds there may not be the one that holds in UTC's midnight.
    return utcMs - this.#offset(utcMs - this.#offset(utcMs));
  }

  #offset(ms: number): number {
    if (this.isUtc) return 0;
    const quarter = Math.floor((ms * 4) / hourMs);
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const name = this.#format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
    const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 * (sign === '-' ? -1 : 1);
    // A page shows times that lie close together: the ones before are not asked for again.
    if (this.#offsets.size > 10_000) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }
}

function secondsOf(ms: number): string {
  const iso = isoTime(Math.min(Math.max(ms, -lastMs), lastMs));
  // `.000Z` are its last five; a year before 0 or after 9999 has a sign and two digits more.
  return `${iso.slice(0, -14)} ${iso.slice(-13, -5)}`;
}

/** A message shows the same time several times. */
let [shownMs, shown] = [NaN, ''];

/** For `datetime` attributes. */
export function isoTime(ms: number): string {
  if (ms !== shownMs) [shownMs, shown] = [ms, new Date(ms).toISOString()];
  return shown;
}
