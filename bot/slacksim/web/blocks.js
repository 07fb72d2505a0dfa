// Blocks of Block Kit. io is what elements need, see elements.js; io.errors are messages under fields, by block id.
import { h } from "./dom.js";
import { element } from "./elements.js";
import { t } from "./i18n.js";
import { markdown } from "./markdown.js";
import { fileChip, imagePlaceholder } from "./media.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./table.js";
import { plainOf, textOf } from "./text.js";

export const blocks = (list, io) => (list ?? []).map((b) => h("div", { class: `block ${b.type}`, data: { block: b.block_id ?? "" } }, block(b, io)));

function block(b, io) {
  const draw = kinds[b.type];
  return draw ? draw(b, io) : h("p", { class: "unknown" }, t("unknownBlock", b.type));
}

const kinds = {
  section,
  actions: (b, io) => h("div", { class: "row" }, (b.elements ?? []).map((e) => element(e, b, io))),
  context: (b, io) => h("div", { class: "fine" }, (b.elements ?? []).map((e) => (e.type === "image" ? element(e, b, io) : textOf(e)))),
  context_actions: (b, io) => h("div", { class: "row" }, (b.elements ?? []).map((e) => element(e, b, io))),
  divider: () => h("hr"),
  header: (b) => h("div", { class: "title", role: "heading", "aria-level": "3" }, plainOf(b.text)),
  image: (b) => h("figure", {}, b.title && h("figcaption", {}, plainOf(b.title)), imagePlaceholder(b)),
  rich_text: (b) => richText(b),
  markdown: (b) => markdown(b.text ?? ""),
  input,
  table,
  data_table: dataTable,
  file: (b) => fileChip({ name: b.external_id ?? t("image"), type: b.source }),
  alert: (b) => h("p", { class: `alert ${b.level ?? ""}` }, textOf(b.text)),
};

function section(b, io) {
  const body = h("div", { class: "body" });
  if (b.text) body.append(textOf(b.text, "div"));
  if (b.fields?.length) body.append(h("div", { class: "facts" }, b.fields.map((f) => textOf(f, "div"))));
  if (!b.accessory) return body;
  return h("div", { class: "withside" }, body, h("div", { class: "accessory" }, element(b.accessory, b, io)));
}

function input(b, io) {
  const error = io.errors?.[b.block_id];
  const node = element(b.element, b, io, b);
  const id = `error-${b.block_id}`;
  if (error) {
    node.setAttribute("aria-invalid", "true");
    node.setAttribute("aria-describedby", id);
  }
  return h("div", { class: `inputblock${error ? " wrong" : ""}` },
    h("div", { class: "label" }, plainOf(b.label), b.optional && h("span", { class: "optional" }, t("optional"))),
    node,
    error && h("p", { class: "error", id, role: "alert" }, error),
    b.hint && h("p", { class: "hint" }, plainOf(b.hint)));
}
