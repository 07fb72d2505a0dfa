// What the page knows, and where it is. Parts of the page subscribe with on() and are told by name: state, room, thread,
// views, place, clock, link.
import { act, actAs, get, stream } from "./api.js";
import { settle } from "./i18n.js";

export const store = {
  state: null, // people, channels, story
  room: null, // the open channel's messages
  thread: null,
  views: { modals: [], home: null },
  place: { channel: "", thread: "", home: false, focus: "" },
  limit: 100,
  clock: { now: 0, speed: 1, at: 0, control: false, running: true },
};

const handlers = {};
export const on = (name, f) => (handlers[name] ??= []).push(f);
export const emit = (name, detail) => (handlers[name] ?? []).forEach((f) => f(detail));

export const me = () => store.state.me;
export const user = (id) => store.state.users[id];
export const nameOf = (id, fallback) => user(id)?.name ?? fallback ?? id;
export const roomOf = (id) => (id && isDM(id) ? store.state.dm : store.state.rooms.find((r) => r.id === id));
export const isDM = (id) => store.state.dm.id === id;

// now is the simulated time in milliseconds.
export const now = () => store.clock.now + (performance.now() - store.clock.at) * store.clock.speed;

// latest drops answers that were overtaken by a later request of the same kind, and ends when that one has been used.
const newest = {};
function latest(kind, load, use) {
  const run = (async () => {
    const body = await load();
    if (newest[kind] === run) use(body);
    else await newest[kind];
  })();
  newest[kind] = run;
  return run;
}

export const loadState = () =>
  latest("state", () => get("state"), (body) => {
    store.state = body;
    setClock(body.top.clock);
    settle(body.lang, body.users[body.me].locale);
    emit("state");
  });

export const loadRoom = () => {
  const channel = store.place.channel;
  if (!channel) return;
  return latest("room", () => get("room", { channel, limit: store.limit }), (body) => {
    if (channel !== store.place.channel) return;
    store.room = body;
    emit("room");
  });
};

export const loadThread = () => {
  const { channel, thread } = store.place;
  if (!thread) return;
  return latest("thread", () => get("thread", { channel, ts: thread }), (body) => {
    if (thread !== store.place.thread) return;
    store.thread = body;
    emit("thread");
  });
};

export const loadViews = () =>
  latest("views", () => get("views"), (body) => {
    store.views = { modals: body.modals, home: body.home ?? null };
    emit("views");
  });

function setClock(c) {
  store.clock = { ...c, at: performance.now() };
  emit("clock");
}

// go moves to a channel, a thread or the app's home.
export function go(to) {
  const p = store.place;
  const channel = to.channel ?? p.channel;
  const thread = to.thread ?? (to.channel && to.channel !== p.channel ? "" : p.thread);
  const home = to.home ?? (to.channel ? false : p.home);
  if (channel !== p.channel) {
    store.room = null;
    store.limit = 100;
  }
  if (thread !== p.thread || channel !== p.channel) store.thread = null;
  store.place = { channel, thread, home, focus: to.focus ?? "" };
  document.body.dataset.pane = to.pane ?? (thread && to.thread !== "" ? "thread" : "main");
  remember();
  emit("place");
  if (home && !p.home) act({ do: "home" }).catch(() => {});
  return Promise.all([loadRoom(), loadThread()]).catch(() => {});
}

function remember() {
  const { channel, thread, home } = store.place;
  const hash = home ? "#home" : `#${channel}${thread ? "/" + thread : ""}`;
  const url = new URL(location.href);
  url.searchParams.set("as", store.state.me);
  url.hash = hash;
  history.replaceState(null, "", url);
}

// placeOf reads a link's fragment: #C1, #C1/thread, #C1@message, #home.
export function placeOf(hash) {
  const match = /^#([A-Z0-9]+)(?:([/@])([0-9.]+))?$/.exec(hash);
  if (hash === "#home") return { channel: store.state.dm.id, home: true };
  if (!match || !roomOf(match[1])) return null;
  return { channel: match[1], thread: match[2] === "/" ? match[3] : "", focus: match[2] === "@" ? match[3] : "", home: false };
}

let hangUp = null;

// become acts as another person from now on.
export async function become(id, to, hash = "") {
  hangUp?.();
  actAs(id);
  const before = store.place.channel;
  store.room = store.thread = null;
  store.place = { channel: "", thread: "", home: false, focus: "" };
  store.views = { modals: [], home: null };
  emit("views");
  await loadState();
  actAs(store.state.me);
  const first = store.state.rooms.find((r) => r.joined) ?? store.state.dm;
  const start = store.state.start.home ? "#home" : `#${store.state.start.channel ?? ""}`;
  await go(to ?? placeOf(hash) ?? placeOf(`#${before}`) ?? placeOf(start) ?? { channel: first.id });
  listen();
}

// listen follows changes while the tab is seen: browsers open only six connections to one server, over all tabs.
function listen() {
  hangUp?.();
  hangUp = null;
  if (document.hidden || !store.state) return;
  hangUp = stream({ parts: changed, clock: setClock, up: () => emit("link", true), down: () => emit("link", false) });
}

document.addEventListener("visibilitychange", listen);

function changed(parts) {
  const quiet = (p) => p?.catch(() => {});
  if ("side" in parts || "top" in parts) quiet(loadState());
  if ("views" in parts) quiet(loadViews());
  const version = parts["room:" + store.place.channel];
  if (version && version !== store.room?.version) quiet(loadRoom());
  if (version && version !== store.thread?.version) quiet(loadThread());
}
