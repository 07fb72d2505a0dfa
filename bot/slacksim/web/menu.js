// A menu of actions with arrow keys.
import { h } from "./dom.js";
import { popover } from "./popover.js";

// menu shows items [{label, hint, danger, run}] beside anchor; null draws a line.
export function menu(anchor, items) {
  const list = h("div", { class: "menu", role: "menu", on: { keydown: keys } });
  for (const item of items) {
    if (!item) {
      list.append(h("hr"));
      continue;
    }
    const choose = () => {
      close();
      item.run();
    };
    list.append(
      h("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : "", tabindex: -1, on: { click: choose } },
        h("span", {}, item.label), item.hint && h("small", {}, item.hint)),
    );
  }
  const close = popover(anchor, list); // once it is filled: where it goes depends on its size
  list.querySelector("button")?.focus();
}

function keys(e) {
  const items = [...e.currentTarget.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[e.key];
  if (to === undefined) return;
  e.preventDefault();
  items[(to + items.length) % items.length].focus();
}
