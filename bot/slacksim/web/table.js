// Tables of Block Kit. They scroll sideways within their message.
import { h } from "./dom.js";
import { element } from "./elements.js";
import { t } from "./i18n.js";
import { richText } from "./richtext.js";
import { withEmoji } from "./emoji.js";

function cell(c, b, io) {
  if (c.type === "rich_text") return richText(c);
  if (c.element) return element(c.element, b, io);
  return withEmoji(String(c.text ?? c.value ?? ""));
}

function grid(b, io, rows, head) {
  const settings = b.column_settings ?? [];
  const row = (r, tag) => h("tr", {}, r.map((c, i) => {
    const align = settings[i]?.align ?? (c.type === "raw_number" ? "right" : "");
    return h(tag, { class: [align, settings[i]?.is_wrapped ? "wrap" : ""].join(" ").trim() || null }, cell(c, b, io));
  }));
  return h("div", { class: "tablewrap", tabindex: "0" },
    h("table", {}, b.caption && h("caption", {}, b.caption), head && h("thead", {}, row(rows[0], "th")), h("tbody", {}, rows.slice(head ? 1 : 0).map((r) => row(r, "td")))));
}

export const table = (b, io) => grid(b, io, b.rows ?? [], true);

export function dataTable(b, io) {
  const rows = b.rows ?? [];
  return h("div", {}, grid(b, io, rows, true), h("p", { class: "hint" }, t("noMoreTables", Math.max(0, rows.length - 1))));
}
