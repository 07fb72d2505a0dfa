// The middle: a channel with its head, messages and composer, or the direct conversation with the app and its home.
import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { composer } from "./composer.js";
import { fill, h, icon } from "./dom.js";
import { home } from "./home.js";
import { count, currentLang, t } from "./i18n.js";
import { announce } from "./live.js";
import { go, isDM, loadRoom, me, nameOf, on, roomOf, store, user } from "./store.js";
import { arrows, draw, items, pin, toEnd } from "./timeline.js";
import { attempt } from "./toast.js";

const main = document.getElementById("main");
let shown = "";
let parts = null;
let entered = ""; // what counted as read when the channel was opened
let fresh = true;

const desktop = matchMedia("(min-width: 860px) and (pointer: fine)");

function signature() {
  const r = roomOf(store.place.channel);
  return [me(), store.place.channel, store.place.home, currentLang(), r?.joined].join();
}

// build lays out the pane anew when the place, the person or the language changes.
function build() {
  const r = roomOf(store.place.channel);
  if (!r) return;
  shown = signature();
  fresh = true;
  entered = "";
  const head = h("header", { class: "head" });
  if (store.place.home && isDM(r.id)) {
    parts = { head, home: true };
    fill(main, head, home());
    drawHead();
    return;
  }
  const list = h("div", { class: "list", role: "log", "aria-live": "off", "aria-label": title(r), on: { keydown: arrows } });
  const older = h("button", { type: "button", class: "btn older", hidden: true, on: { click: loadOlder } }, t("loadOlder"));
  const scroller = h("div", { class: "scroller", tabindex: "0", "aria-label": title(r) }, older, list);
  const below = h("button", { type: "button", class: "below", hidden: true, on: { click: () => toEnd(scroller) } }, t("newBelow"), icon("down"));
  pin(scroller, list, () => (below.hidden = true));
  parts = { head, list, older, scroller, below };
  const foot = r.joined || isDM(r.id) ? (parts.composer = composer({ where: () => ({ channel: store.place.channel }), label: t("messageIn", title(r)) })).node : preview(r);
  fill(main, head, scroller, h("div", { class: "foot" }, below, foot));
  drawHead();
  if (desktop.matches) parts.composer?.focus();
}

export const title = (r) => (isDM(r.id) ? nameOf(store.state.bot) : (r.private ? "" : "#") + r.name);

function preview(r) {
  return h("div", { class: "preview" }, t("previewing", "#" + r.name), h("button", { type: "button", class: "btn primary", on: { click: () => attempt(act({ do: "join", channel: r.id })) } }, t("join")));
}

function drawHead() {
  const r = roomOf(store.place.channel);
  if (!r || !parts) return;
  const dm = isDM(r.id);
  const people = r.members.filter((id) => user(id));
  const sig = JSON.stringify([signature(), r.name, r.private, r.shared, dm && nameOf(store.state.bot), people.map((id) => [id, nameOf(id)])]);
  if (sig === parts.sig) return; // drawn anew, a tab loses the press that has begun on it
  parts.sig = sig;
  const tab = (name, active, to) => h("button", { type: "button", role: "tab", "aria-selected": String(active), class: "tab", on: { click: () => go({ channel: r.id, ...to }) } }, name);
  fill(parts.head,
    h("button", { type: "button", class: "back", "aria-label": t("back"), on: { click: () => (document.body.dataset.pane = "side") } }, icon("back")),
    h("h1", {}, dm ? avatar(store.state.bot, nameOf(store.state.bot), { size: "small", app: true }) : r.private && icon("lock"), title(r)),
    r.shared && h("span", { class: "badge" }, t("sharedWith")),
    dm && h("div", { class: "tabs", role: "tablist" }, tab(t("appHome"), store.place.home, { home: true }), tab(t("appMessages"), !store.place.home, { home: false })),
    h("span", { class: "gap" }),
    !dm && h("span", { class: "crowd", title: people.map((id) => nameOf(id)).join(", ") },
      h("span", { class: "faces" }, people.slice(0, 3).map((id) => avatar(id, nameOf(id), { size: "small", app: user(id).bot }))), count(people.length, "member1", "members")));
}

async function loadOlder() {
  const { scroller } = parts;
  const fromEnd = scroller.scrollHeight - scroller.scrollTop;
  store.limit += 100;
  await attempt(loadRoom());
  scroller.scrollTop = scroller.scrollHeight - fromEnd;
}

function drawRoom() {
  if (signature() !== shown) build();
  const body = store.room;
  if (!parts?.list || body?.channel !== store.place.channel) return;
  if (fresh) entered = body.read;
  const last = parts.list.lastElementChild?.dataset.key;
  const things = items(body.channel, body.messages, { read: entered });
  const atEnd = draw(parts.scroller, parts.list, things, { jump: fresh });
  parts.list.classList.toggle("bare", !things.length);
  parts.list.dataset.empty = t("emptyChannel");
  parts.older.hidden = !body.more;
  const newest = body.messages.at(-1);
  if (newest && last && newest.ts > last && newest.user !== me()) {
    announce(newest);
    parts.below.hidden = atEnd;
  }
  if (newest && newest.user === me() && newest.ts > (last ?? "")) toEnd(parts.scroller);
  fresh = false;
  lookAt(store.place.focus);
  if (newest && newest.ts > body.read && !document.hidden) act({ do: "read", channel: body.channel, ts: newest.ts }).catch(() => {});
}

// lookAt scrolls to the message that a link names.
function lookAt(ts) {
  const node = ts && parts.list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
  if (!node) return;
  store.place.focus = "";
  node.scrollIntoView({ block: "center" });
  node.classList.add("flash");
}

on("place", () => {
  if (signature() !== shown) build();
});
on("state", () => {
  if (signature() !== shown) build();
  drawHead();
  drawRoom();
});
on("room", drawRoom);
document.addEventListener("visibilitychange", () => store.room && drawRoom());
