// Short messages that go away by themselves.
import { h } from "./dom.js";

export function toast(text, bad = false) {
  const host = document.querySelector("dialog[open]:last-of-type") ?? document.body;
  const node = h("div", { class: `toast${bad ? " bad" : ""}`, role: "alert" }, text);
  const list = document.getElementById("toasts");
  if (host === document.body) list.append(node);
  else host.append(node);
  setTimeout(() => node.remove(), bad ? 6000 : 2500);
}

// attempt shows why something did not work; it resolves to false then.
export async function attempt(promise) {
  try {
    return (await promise) ?? true;
  } catch (e) {
    toast(e.message, true);
    return false;
  }
}
