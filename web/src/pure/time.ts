// time.ts - how a moment is named: relative to now in a list, exact in its title.

export type Locale = "en-GB" | "zh-CN";

/** The words a relative time needs; the catalogues supply them. */
export interface TimeWords {
	locale: Locale;
	just_now: string;
	minutes: (n: number) => string;
	hours: (n: number) => string;
	yesterday: (clock: string) => string;
	span: (days: number, hours: number, minutes: number) => string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const made = new Map<string, Intl.DateTimeFormat>();

// Making a formatter costs about a millisecond on a phone, so they are kept.
function format(
	locale: Locale, key: string, options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
	const name = `${locale} ${key}`;
	let it = made.get(name);
	if (!it) {
		it = new Intl.DateTimeFormat(locale, options);
		made.set(name, it);
	}
	return it;
}

function clock(at: Date, locale: Locale): string {
	const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
	return format(locale, "clock", options).format(at);
}

// Browsers differ in the comma after a weekday.
function bare(date: string): string {
	return date.replace(",", "");
}

function midnight(at: Date): number {
	return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** "24 min", "Yesterday 21:05", "Wednesday", "12 May", "12 May 2024", in local time. */
export function ago(at: Date, now: Date, words: TimeWords): string {
	const past = now.getTime() - at.getTime();
	if (past < MINUTE)
		return words.just_now;
	if (past < HOUR)
		return words.minutes(Math.floor(past / MINUTE));
	const days = Math.round((midnight(now) - midnight(at)) / DAY);
	if (days <= 0)
		return words.hours(Math.floor(past / HOUR));
	if (days === 1)
		return words.yesterday(clock(at, words.locale));
	if (days < 7)
		return format(words.locale, "weekday", { weekday: "long" }).format(at);
	return day(at, now, words.locale);
}

/** "12 May", with the year when it is not this one. */
export function day(at: Date, now: Date, locale: Locale): string {
	if (at.getFullYear() === now.getFullYear())
		return format(locale, "day", { day: "numeric", month: "long" }).format(at);
	return format(locale, "old", { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** "May 2026". */
export function month(at: Date, locale: Locale): string {
	return format(locale, "month", { month: "long", year: "numeric" }).format(at);
}

/** The name of the month alone. */
export function month_name(at: Date, locale: Locale): string {
	return format(locale, "month-name", { month: "long" }).format(at);
}

/** "Saturday 16 May 2026, 09:12": the title behind every relative time. */
export function exact(at: Date, locale: Locale): string {
	const date = bare(format(locale, "exact", {
		weekday: "long", day: "numeric", month: "long", year: "numeric",
	}).format(at));
	return locale === "zh-CN" ? `${date} ${clock(at, locale)}` : `${date}, ${clock(at, locale)}`;
}

/** "Sat 16 May, 09:41": when something began or ends, near enough for the weekday to help. */
export function when(at: Date, locale: Locale): string {
	const date = bare(
		format(locale, "when", { weekday: "short", day: "numeric", month: "short" }).format(at),
	);
	return locale === "zh-CN" ? `${date} ${clock(at, locale)}` : `${date}, ${clock(at, locale)}`;
}

/** "2 days 4 hours": what is left of a clock. Never negative. */
export function left(until: Date, now: Date, words: TimeWords): string {
	const rest = Math.max(0, until.getTime() - now.getTime());
	return words.span(
		Math.floor(rest / DAY), Math.floor((rest % DAY) / HOUR), Math.ceil((rest % HOUR) / MINUTE),
	);
}

/** How much of the time from `start` to `end` is left, in whole hundredths. */
export function left_share(start: Date, end: Date, now: Date): number {
	const whole = end.getTime() - start.getTime();
	if (whole <= 0)
		return 0;
	const share = (end.getTime() - now.getTime()) / whole;
	return Math.round(Math.min(1, Math.max(0, share)) * 100);
}
