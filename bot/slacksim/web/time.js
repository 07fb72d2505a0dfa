// Times as the acting person reads them: in their zone and the page's language.
import { currentLang, t } from "./i18n.js";
import { me, now, user } from "./store.js";

const formats = new Map();

function format(name, options) {
  const zone = user(me())?.tz || "Asia/Shanghai";
  const key = [name, currentLang(), zone].join();
  if (!formats.has(key)) {
    const lang = name === "key" ? "en-CA" : currentLang();
    formats.set(key, new Intl.DateTimeFormat(lang, { timeZone: zone, ...options }));
  }
  return formats.get(key);
}

export const millis = (ts) => Math.floor(parseFloat(ts) * 1000);

const day = { year: "numeric", month: "2-digit", day: "2-digit" };
export const dayKey = (ms) => format("key", day).format(ms);
export const clockTime = (ms) => format("hm", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
export const clockSeconds = (ms) => format("hms", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(ms);
export const fullDate = (ms) => format("date", { month: "long", day: "numeric", weekday: "long" }).format(ms);
export const shortDate = (ms) => format("short", { month: "short", day: "numeric", weekday: "short" }).format(ms);
export const exact = (ms) => format("exact", { dateStyle: "long", timeStyle: "medium" }).format(ms);

export function dayLabel(ms) {
  if (dayKey(ms) === dayKey(now())) return t("today");
  if (dayKey(ms) === dayKey(now() - 86_400_000)) return t("yesterday");
  return fullDate(ms);
}

// when is "10:24" on the same day, else with the day.
export const when = (ms) => (dayKey(ms) === dayKey(now()) ? clockTime(ms) : `${dayLabel(ms)} ${clockTime(ms)}`);

// offset is the zone's minutes east of Greenwich at that moment.
function offset(ms) {
  const zone = user(me())?.tz || "Asia/Shanghai";
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(ms);
  const n = Object.fromEntries(parts.map((p) => [p.type, Number(p.value)]));
  return Math.round((Date.UTC(n.year, n.month - 1, n.day, n.hour, n.minute, n.second) - ms) / 60_000);
}

// toInput and fromInput go between milliseconds and the text of a datetime-local field in the person's zone.
export const toInput = (ms) => new Date(ms + offset(ms) * 60_000).toISOString().slice(0, 16);
export function fromInput(text) {
  const utc = Date.parse(text + ":00Z");
  return utc - offset(utc - offset(utc) * 60_000) * 60_000;
}

// dateToken formats <!date^…> and rich-text dates by their pattern.
export function dateToken(seconds, pattern) {
  const ms = seconds * 1000;
  return pattern
    .replace(/\{time_secs\}/g, clockSeconds(ms))
    .replace(/\{time\}/g, clockTime(ms))
    .replace(/\{date(_short|_long|_num)?(_pretty)?\}/g, (_, __, pretty) => (pretty ? dayLabel(ms) : fullDate(ms)))
    .replace(/\{ago\}|\{day_divider_pretty\}/g, () => dayLabel(ms));
}
