// Messages in order: grouped by day and author, kept at the bottom while somebody reads there.
import { h, keyed } from "./dom.js";
import { currentLang, t } from "./i18n.js";
import { message, ui } from "./message.js";
import { me, now, store } from "./store.js";
import { dayKey, dayLabel, millis } from "./time.js";

// together is how long an author's messages count as one turn, in milliseconds.
const together = 5 * 60_000;

// epoch changes when everything must be drawn anew.
function epoch() {
  const names = Object.values(store.state.users).map((u) => u.name).join();
  return [currentLang(), me(), names, store.state.rooms.length, dayKey(now())].join("|");
}

const follows = (a, b) =>
  a && a.user === b.user && a.name === b.name && Boolean(a.ephemeral) === Boolean(b.ephemeral) && !a.deleted && !a.replies && millis(b.ts) - millis(a.ts) < together &&
  a.subtype !== "channel_join" && b.subtype !== "channel_join" && !b.ephemeral;

// items are what keyed() needs for a list of messages; read is the timestamp after which they are new.
export function items(channel, list, { read = "", inThread = false, marked = true } = {}) {
  const out = [];
  const age = epoch();
  let before = null;
  let news = false;
  for (const m of list) {
    if (m.ephemeral && ui.dismissed.has(m.ts)) continue;
    const day = dayKey(millis(m.ts));
    if (!inThread && (!before || day !== dayKey(millis(before.ts)))) {
      out.push({ key: "day" + day, sig: age, make: () => h("div", { class: "day", role: "separator" }, h("span", {}, dayLabel(millis(m.ts)))) });
      before = null;
    }
    if (marked && !news && read && m.ts > read && m.user !== me()) {
      news = true;
      out.push({ key: "news", sig: age, make: () => h("div", { class: "news", role: "separator" }, h("span", {}, t("newLine"))) });
      before = null;
    }
    const close = Boolean(follows(before, m));
    const editing = ui.editing === m.ts;
    out.push({ key: m.ts + (m.ephemeral ? "e" : ""), sig: `${age}${close}${editing}${JSON.stringify(m)}`, make: () => message(channel, m, { follows: close, inThread }) });
    before = m;
  }
  return out;
}

// draw puts items into a scrolling box without moving what is being read. It returns whether the end is in sight.
export function draw(scroller, list, things, { jump = false, stay = false } = {}) {
  const atEnd = jump || (!stay && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80);
  keyed(list, things);
  if (atEnd) toEnd(scroller);
  return atEnd;
}

// pin keeps a box at its end when something in it or around it changes size. arrived is called when somebody scrolls there.
export function pin(scroller, list, arrived) {
  let pinned = true;
  scroller.addEventListener("scroll", () => {
    pinned = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
    if (pinned) arrived();
  });
  const watch = new ResizeObserver(() => pinned && toEnd(scroller));
  watch.observe(scroller);
  watch.observe(list);
}

export const toEnd = (scroller) => scroller.scrollTo({ top: scroller.scrollHeight });

// arrows moves between messages by the up and down keys.
export function arrows(e) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!step || !e.target.classList?.contains("message")) return;
  const all = [...e.currentTarget.querySelectorAll(".message")];
  all[all.indexOf(e.target) + step]?.focus();
  e.preventDefault();
}
