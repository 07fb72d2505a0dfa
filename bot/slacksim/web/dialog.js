// Small questions that must be answered first.
import { h } from "./dom.js";
import { t } from "./i18n.js";

// ask shows a question and resolves to whether it was agreed to.
export function ask({ title, text, yes, no, danger = false }) {
  return new Promise((resolve) => {
    const form = h("form", { method: "dialog" },
      h("h2", {}, title), h("div", { class: "asked" }, text),
      h("div", { class: "foot" },
        h("button", { class: "btn", value: "no" }, no || t("cancel")),
        h("button", { class: `btn ${danger ? "danger" : "primary"}`, value: "yes", autofocus: true }, yes || t("confirm"))));
    const box = h("dialog", { class: "ask", "aria-label": typeof title === "string" ? title : null }, form);
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "yes");
    });
    document.body.append(box);
    box.showModal();
  });
}
