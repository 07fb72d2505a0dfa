// Live pieces of text: links, mentions of people, channels and everybody.
import { h } from "./dom.js";
import { go, me, nameOf, roomOf, store } from "./store.js";
import { dateToken } from "./time.js";

const schemes = ["http:", "https:", "mailto:", "tel:"];

// safe says whether an address may be followed; scripts and the like may not.
function safe(address) {
  try {
    return schemes.includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

// inside is where in this workspace an address leads: the thread in which a message stands, or the message itself. Undefined for
// addresses elsewhere, null where this person cannot go.
function inside(address) {
  if (!address.startsWith(store.state.home)) return undefined;
  const url = new URL(address);
  const match = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/.exec(url.pathname);
  if (!match || !roomOf(match[1])) return null;
  const thread = url.searchParams.get("thread_ts") ?? "";
  return { channel: match[1], thread, focus: `${match[2]}.${match[3]}`, home: false };
}

export function link(address, label, className = "") {
  const text = label || address.replace(/^(mailto|tel):/, "");
  const place = inside(address);
  if (!safe(address) || place === null) return document.createTextNode(text);
  if (place) return h("a", { href: address, class: className, on: { click: (e) => (e.preventDefault(), go(place)) } }, text);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", class: className }, text);
}

export function mention(id, label) {
  return h("span", { class: "mention" + (id === me() ? " own" : "") }, "@" + nameOf(id, label || id));
}

export function everybody(word) {
  return h("span", { class: "mention own" }, "@" + word);
}

export function channelLink(id, label) {
  const room = roomOf(id);
  const text = "#" + (room?.name ?? (label || id));
  if (!room) return h("span", { class: "mention" }, text);
  return h("button", { class: "mention link", type: "button", on: { click: () => go({ channel: id }) } }, text);
}

// special renders <!…>: everybody, a user group or a date.
export function special(word, label) {
  const [kind, ...args] = word.split("^");
  if (kind === "date") {
    const text = dateToken(Number(args[0]), args[1] ?? "") || label;
    return args[2] ? link(args[2], text) : h("time", {}, text);
  }
  if (kind === "subteam") return h("span", { class: "mention" }, label || "@" + (args[0] ?? ""));
  return everybody(kind);
}
