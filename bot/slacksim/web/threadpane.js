// The pane on the right: a message and its replies.
import { act } from "./api.js";
import { composer } from "./composer.js";
import { fill, h, icon } from "./dom.js";
import { count, currentLang, t } from "./i18n.js";
import { announce } from "./live.js";
import { title } from "./room.js";
import { go, isDM, me, on, roomOf, store } from "./store.js";
import { arrows, draw, items } from "./timeline.js";

const pane = document.getElementById("thread");
let shown = "";
let parts = null;

const close = () => go({ thread: "", pane: "main" });

function build() {
  const { channel, thread } = store.place;
  const r = roomOf(channel);
  shown = [me(), channel, thread, currentLang()].join();
  pane.hidden = !thread || !r;
  document.body.classList.toggle("withthread", !pane.hidden);
  if (pane.hidden) {
    parts = null;
    return fill(pane);
  }
  const list = h("div", { class: "list", role: "log", "aria-live": "off", "aria-label": t("thread"), on: { keydown: arrows } });
  const scroller = h("div", { class: "scroller", tabindex: "0", "aria-label": t("thread") }, list);
  const write = composer({ where: () => ({ channel, thread }), label: t("replyIn"), also: isDM(channel) ? "" : t("alsoChannel", title(r)) });
  parts = { list, scroller, fresh: true };
  fill(pane,
    h("header", { class: "head" },
      h("button", { type: "button", class: "back", "aria-label": t("back"), on: { click: close } }, icon("back")),
      h("h2", {}, t("thread")), h("span", { class: "sub" }, title(r)), h("span", { class: "gap" }),
      h("button", { type: "button", class: "iconbtn shut", "aria-label": t("close"), title: t("close"), on: { click: close } }, icon("close"))),
    scroller, h("div", { class: "foot" }, r.joined || isDM(channel) ? write.node : null));
}

function drawThread() {
  const { channel, thread } = store.place;
  if ([me(), channel, thread, currentLang()].join() !== shown) build();
  const body = store.thread;
  if (!parts || body?.ts !== thread) return;
  const [root, ...replies] = body.messages;
  const last = parts.list.lastElementChild?.dataset.key;
  const open = replies.filter((m) => !m.ephemeral).length;
  const line = { key: "count", sig: `${open}${currentLang()}`, make: () => h("div", { class: "replycount" }, h("span", {}, count(open, "reply1", "replies"))) };
  const things = [...items(channel, [root], { inThread: true, marked: false }), ...(open ? [line] : []), ...items(channel, replies, { inThread: true, marked: false })];
  draw(parts.scroller, parts.list, things, { jump: parts.fresh && replies.length > 8, stay: parts.fresh });
  const newest = replies.at(-1);
  if (!parts.fresh && newest && newest.ts > last && newest.user !== me()) announce(newest);
  parts.fresh = false;
  if (newest && newest.ts > body.read && !document.hidden) act({ do: "read", channel, thread, ts: newest.ts }).catch(() => {});
}

on("place", drawThread);
on("state", drawThread);
on("thread", drawThread);

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && !e.defaultPrevented && !e.isComposing && pane.contains(document.activeElement)) close();
});
