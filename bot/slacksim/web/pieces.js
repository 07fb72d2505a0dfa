// Live pieces of text: links, mentions of people, channels and everybody.
import { h } from "./dom.js";
import { go, me, nameOf, roomOf } from "./store.js";
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

export function link(address, label, className = "") {
  const text = label || address.replace(/^(mailto|tel):/, "");
  if (!safe(address)) return document.createTextNode(text);
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
