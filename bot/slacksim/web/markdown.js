// The markdown block: the common part of Markdown, made of elements and text nodes only.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./pieces.js";

export function markdown(text) {
  const out = h("div", { class: "rich" });
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; ) {
    const [node, next] = block(lines, i);
    if (node) out.append(node);
    i = next;
  }
  return out;
}

function block(lines, i) {
  const line = lines[i];
  if (!line.trim()) return [null, i + 1];
  if (line.startsWith("```")) return fence(lines, i);
  const head = /^(#{1,6}) +(.*)$/.exec(line);
  if (head) return [h("p", { class: "mdhead", role: "heading", "aria-level": head[1].length + 2 }, inline(head[2])), i + 1];
  if (/^ *(-{3,}|\*{3,})$/.test(line)) return [h("hr"), i + 1];
  if (/^>/.test(line)) return gather(lines, i, /^> ?/, (kept) => h("blockquote", {}, broken(kept)));
  if (/^\s*[-*+] /.test(line)) return gather(lines, i, /^\s*[-*+] /, (kept) => h("ul", {}, kept.map((k) => h("li", {}, inline(k)))));
  if (/^\s*\d+[.)] /.test(line)) return gather(lines, i, /^\s*\d+[.)] /, (kept) => h("ol", {}, kept.map((k) => h("li", {}, inline(k)))));
  if (/^\s*\|.*\|\s*$/.test(line)) return gather(lines, i, /^\s*\|/, table);
  return gather(lines, i, /^(?!```|#{1,6} |>|\s*[-*+] |\s*\d+[.)] |\s*$)/, (kept) => h("p", {}, broken(kept)));
}

// gather takes the lines that begin alike, without that beginning.
function gather(lines, i, start, make) {
  const kept = [];
  for (; i < lines.length && start.test(lines[i]); i++) kept.push(lines[i].replace(start, ""));
  return [make(kept), i];
}

function fence(lines, i) {
  let end = i + 1;
  while (end < lines.length && !lines[end].startsWith("```")) end++;
  return [h("pre", {}, lines.slice(i + 1, end).join("\n")), end + 1];
}

function table(rows) {
  const cells = rows.map((r) => r.replace(/\|\s*$/, "").split("|").map((c) => c.trim()));
  const body = cells.filter((r, i) => i !== 1 || !r.every((c) => /^:?-+:?$/.test(c)));
  const row = (r, tag) => h("tr", {}, r.map((c) => h(tag, {}, inline(c))));
  return h("div", { class: "tablewrap" }, h("table", {}, row(body[0], "th"), body.slice(1).map((r) => row(r, "td"))));
}

const broken = (kept) => kept.flatMap((k, i) => (i ? [h("br"), ...inline(k)] : inline(k)));

const marks = /`([^`]+)`|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\*([^*\s][^*]*)\*|\b_([^_]+)_\b|!?\[([^\]]*)\]\(([^()\s]+)\)|<(https?:[^<>\s]+)>/;

function inline(text) {
  const m = marks.exec(text);
  if (!m) return text ? [withEmoji(text)] : [];
  const before = text.slice(0, m.index);
  return [before && withEmoji(before), piece(m), ...inline(text.slice(m.index + m[0].length))].filter(Boolean);
}

function piece(m) {
  if (m[1]) return h("code", {}, m[1]);
  if (m[2] || m[3]) return h("strong", {}, inline(m[2] || m[3]));
  if (m[4]) return h("s", {}, inline(m[4]));
  if (m[5] || m[6]) return h("em", {}, inline(m[5] || m[6]));
  return m[9] ? link(m[9]) : link(m[8], m[7]);
}
