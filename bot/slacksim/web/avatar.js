// Faces without pictures: initials on a colour that depends on the id only.
import { h } from "./dom.js";

const hues = 8;

function hue(id) {
  let n = 7;
  for (const c of id) n = (n * 31 + c.codePointAt(0)) >>> 0;
  return n % hues;
}

// initials are the last two characters of a Chinese name, else the first letters of two words.
export function initials(name) {
  const chars = [...name.trim()];
  if (/\p{Script=Han}/u.test(name)) return chars.slice(-2).join("");
  const parts = name.trim().split(/[\s_.-]+/).filter(Boolean);
  return ((parts[0]?.[0] ?? "?") + (parts[1]?.[0] ?? "")).toUpperCase();
}

export function avatar(id, name, { size = "", app = false } = {}) {
  const face = app ? "🤖" : initials(name);
  return h("span", { class: `avatar ${size} hue${hue(id)}${app ? " bot" : ""}`, "aria-hidden": "true" }, face);
}
