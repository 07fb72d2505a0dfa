// The left bar: the workspace, its channels and the app.
import { avatar } from "./avatar.js";
import { fill, h, icon } from "./dom.js";
import { currentLang, t } from "./i18n.js";
import { settings } from "./settings.js";
import { go, nameOf, on, store } from "./store.js";

const side = document.getElementById("side");

function room(r) {
  const here = store.place.channel === r.id;
  const unread = r.unread > 0 || r.mentions > 0;
  return h("li", {}, h("button", { type: "button", class: `room${here ? " here" : ""}${unread ? " unread" : ""}`, "aria-current": here ? "page" : null, data: { k: r.id, room: r.id }, on: { click: () => go({ channel: r.id, home: false, pane: "main" }) } },
    r.private ? icon("lock") : h("span", { class: "hash", "aria-hidden": "true" }, "#"), h("span", { class: "label" }, r.name),
    r.mentions > 0 && h("span", { class: "count" }, r.mentions), unread && h("span", { class: "unseen" }, t("unreadCount", r.unread || r.mentions))));
}

function bot() {
  const r = store.state.dm;
  const here = store.place.channel === r.id && !store.place.home;
  const unread = r.mentions > 0;
  const name = nameOf(store.state.bot);
  return h("li", {}, h("button", { type: "button", class: `room${here ? " here" : ""}${unread ? " unread" : ""}`, "aria-current": here ? "page" : null, data: { k: r.id, room: r.id }, on: { click: () => go({ channel: r.id, home: false, pane: "main" }) } },
    avatar(store.state.bot, name, { size: "tiny", app: true }), h("span", { class: "label" }, name), h("span", { class: `presence${store.clock.running ? "" : " off"}`, title: t(store.clock.running ? "botUp" : "botDown") }),
    unread && h("span", { class: "count" }, r.mentions), unread && h("span", { class: "unseen" }, t("unreadCount", r.mentions))));
}

let shown = "";

function drawSide() {
  if (!store.state) return;
  const { team, bot: app, rooms, dm, me } = store.state;
  const sig = JSON.stringify([currentLang(), theme.current(), store.place.channel, store.place.home, store.clock.running, team, app && nameOf(app), rooms, dm, me]);
  if (sig === shown) return; // drawn anew, a button loses the press that has begun on it
  shown = sig;
  const focused = side.contains(document.activeElement) ? document.activeElement.dataset.k : null;
  const mine = store.state.rooms.filter((r) => r.joined);
  const others = store.state.rooms.filter((r) => !r.joined);
  const homeHere = store.place.home;
  fill(side,
    h("div", { class: "workspace" }, store.state.team),
    h("div", { class: "groups" },
      store.state.bot && h("button", { type: "button", class: `room${homeHere ? " here" : ""}`, data: { k: "home" }, on: { click: () => go({ channel: store.state.dm.id, home: true, pane: "main" }) } }, icon("bolt"), h("span", { class: "label" }, t("appHome"))),
      h("h2", {}, t("channels")), h("ul", {}, mine.map(room)),
      store.state.bot && [h("h2", {}, t("apps")), h("ul", {}, bot())],
      others.length > 0 && h("h2", {}, t("browse")), others.length > 0 && h("ul", {}, others.map(room))),
    settings());
  if (focused) side.querySelector(`[data-k="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

let running = true;
on("state", drawSide);
on("place", drawSide);
document.addEventListener("themechange", drawSide);
on("clock", () => {
  if (running !== store.clock.running) drawSide();
  running = store.clock.running;
});
