// A list of choices with a filter, for menus of blocks and for switching persons.
import { h } from "./dom.js";
import { t } from "./i18n.js";

let serial = 0;

// listbox makes a list of options [{value, label, hint, group, face}]. choose is called with a value; with multi the
// list stays open and picked says what is ticked.
export function listbox({ options, picked, multi = false, choose, label }) {
  const id = `list${++serial}`;
  const filter = h("input", {
    class: "filter", type: "text", role: "combobox", placeholder: t("search"), "aria-label": label || t("search"), "aria-expanded": "true",
    "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off",
  });
  const list = h("ul", { id, role: "listbox", class: "options", "aria-multiselectable": multi ? "true" : null, "aria-label": label });
  let shown = [];
  let at = 0;

  const draw = () => {
    const words = filter.value.trim().toLowerCase();
    shown = options.filter((o) => `${o.label} ${o.hint ?? ""}`.toLowerCase().includes(words));
    at = Math.min(at, Math.max(0, shown.length - 1));
    let group = "";
    list.replaceChildren();
    shown.forEach((o, i) => {
      if (o.group && o.group !== group) list.append(h("li", { class: "group", role: "presentation" }, (group = o.group)));
      list.append(row(o, i));
    });
    if (!shown.length) list.append(h("li", { class: "none", role: "presentation" }, t("noMatch")));
    mark();
  };
  const row = (o, i) => {
    const on = picked().includes(o.value);
    return h("li", { role: "option", id: `${id}-${i}`, "aria-selected": on ? "true" : "false", data: { value: o.value }, on: { click: () => take(o) } },
      h("span", { class: "tick" }, on ? "✓" : ""), o.face, h("span", { class: "label" }, o.label), o.hint && h("small", {}, o.hint));
  };
  const mark = () => {
    list.querySelector(".at")?.classList.remove("at");
    const node = list.querySelector(`#${id}-${at}`);
    node?.classList.add("at");
    node?.scrollIntoView({ block: "nearest" });
    if (node) filter.setAttribute("aria-activedescendant", node.id);
  };
  const take = (o) => {
    choose(o.value);
    if (multi) draw();
  };
  filter.addEventListener("input", draw);
  filter.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) at = (at + step + shown.length) % Math.max(1, shown.length);
    else if (e.key === "Home") at = 0;
    else if (e.key === "End") at = shown.length - 1;
    else if (e.key === "Enter" && shown[at]) take(shown[at]);
    else return;
    e.preventDefault();
    mark();
  });
  at = Math.max(0, options.findIndex((o) => picked().includes(o.value)));
  draw();
  return { node: h("div", { class: "listbox" }, h("div", { class: options.length > 6 ? "" : "unseen" }, filter), list), focus: () => filter.focus(), mark };
}
