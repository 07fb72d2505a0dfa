// Reads new messages to those who use a screen reader.
import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { nameOf } from "./store.js";

const region = document.getElementById("live");

function words(v) {
  if (Array.isArray(v)) return v.map(words).filter(Boolean).join(" ");
  if (!v || typeof v !== "object") return "";
  if (typeof v.text === "string") return v.text;
  return words([v.text, v.fields, v.elements, v.element]);
}

export function announce(m) {
  const text = h("div", {}, mrkdwn((m.app && words(m.blocks)) || m.text)).textContent;
  region.textContent = `${nameOf(m.user, m.name)}: ${text.slice(0, 300)}`;
}
