// Changes one's own message in place.
import { act } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { unescape } from "./mrkdwn.js";
import { emit, nameOf } from "./store.js";
import { attempt } from "./toast.js";
import { ui } from "./message.js";

// typedText turns a message's text back into what a person would type.
function typedText(text) {
  return unescape(text.replace(/<([^<>]*)>/g, (all, inner) => {
    const [target, label] = inner.split("|");
    if (target.startsWith("@")) return "@" + nameOf(target.slice(1));
    if (target.startsWith("#")) return "#" + (label ?? target.slice(1));
    if (target.startsWith("!")) return "@" + target.slice(1);
    return target;
  }));
}

export function editor(channel, m) {
  const area = h("textarea", { class: "field", rows: 3, "aria-label": t("edit"), value: typedText(m.text), data: { k: `e/${m.ts}` } });
  const end = () => {
    ui.editing = "";
    emit("room");
    emit("thread");
  };
  const save = async () => {
    if (area.value.trim() && (await attempt(act({ do: "edit", channel, ts: m.ts, text: area.value })))) end();
  };
  area.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    if (e.key === "Escape") end();
    if (e.key !== "Enter" || e.shiftKey) return;
    e.preventDefault();
    save();
  });
  requestAnimationFrame(() => area.focus());
  return h("div", { class: "editor" }, area, h("div", { class: "row" },
    h("button", { type: "button", class: "btn", on: { click: end } }, t("cancel")), h("button", { type: "button", class: "btn primary", on: { click: save } }, t("save"))));
}
