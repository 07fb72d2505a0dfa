// Text objects of Block Kit.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { withBreaks } from "./richtext.js";

export const plainOf = (o) => (o ? (o.emoji === false ? o.text : withEmoji(o.text ?? "")) : "");

export function textOf(o, tag = "span") {
  if (!o) return null;
  if (o.type === "mrkdwn") return h(tag, { class: "mrkdwn" }, mrkdwn(o.text ?? "", { verbatim: o.verbatim }));
  return h(tag, {}, withBreaks(plainOf(o)));
}
