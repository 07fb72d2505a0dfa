// rich_text blocks: sections, lists, quotes and preformatted text.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelLink, everybody, link, mention } from "./pieces.js";
import { dateToken } from "./time.js";

export function richText(block) {
  const out = h("div", { class: "rich" });
  let open = []; // lists that nest by indent
  for (const e of block.elements ?? []) {
    if (e.type === "rich_text_list") {
      open = addList(out, open, e);
      continue;
    }
    open = [];
    out.append(part(e));
  }
  return out;
}

function part(e) {
  const kids = inlines(e.elements);
  if (e.type === "rich_text_preformatted") return h("pre", {}, kids);
  if (e.type === "rich_text_quote") return h("blockquote", {}, kids);
  return h("div", { class: "line" }, kids);
}

// addList puts a list into the one that it is indented below.
function addList(out, open, e) {
  const indent = e.indent ?? 0;
  const list = h(e.style === "ordered" ? "ol" : "ul", { start: e.offset ? e.offset + 1 : null });
  for (const item of e.elements ?? []) list.append(h("li", {}, inlines(item.elements)));
  const kept = open.filter((l) => l.indent < indent);
  const parent = kept.at(-1)?.list.lastElementChild ?? out;
  parent.append(list);
  return [...kept, { list, indent }];
}

function inlines(list) {
  return (list ?? []).map(inline);
}

function inline(e) {
  switch (e.type) {
    case "text":
      return styled(withBreaks(e.text ?? ""), e.style);
    case "link":
      return styled([link(e.url ?? "", e.text)], e.style);
    case "user":
      return mention(e.user_id, "");
    case "channel":
      return channelLink(e.channel_id, "");
    case "broadcast":
      return everybody(e.range);
    case "usergroup":
      return h("span", { class: "mention" }, "@" + e.usergroup_id);
    case "emoji":
      return document.createTextNode(emoji(e.name ?? ""));
    case "date":
      return h("time", {}, dateToken(e.timestamp, e.format ?? "") || e.fallback);
    case "color":
      return h("code", {}, e.value);
  }
  return document.createTextNode(e.text ?? "");
}

export function withBreaks(text) {
  return text.split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));
}

function styled(kids, style = {}) {
  for (const [name, tag] of [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"]]) {
    if (style[name]) kids = [h(tag, {}, kids)];
  }
  return h("span", {}, kids);
}
