// Slack's own markup, in which &, < and > are escaped and live pieces stand in angle brackets.
import { h } from "./dom.js";
import { emoji, knows } from "./emoji.js";
import { channelLink, link, mention, special } from "./pieces.js";

export const unescape = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

const tags = { "*": "strong", _: "em", "~": "s" };
const word = /[\p{L}\p{N}]/u;
const address = /^https?:\/\/[^\s<>"'，。；、！？）】》」|]+/;

// mrkdwn renders a text: code blocks, quotes and inline marks. verbatim leaves plain addresses alone.
export function mrkdwn(text, { verbatim = false } = {}) {
  const out = [];
  text.split(/```/).forEach((part, i, all) => {
    if (i % 2 === 1 && i < all.length - 1) out.push(h("pre", {}, plain(part.replace(/^\n|\n$/g, ""))));
    else out.push(...lines(i % 2 === 1 ? "```" + part : part.replace(i > 0 ? /^\n/ : "", ""), verbatim));
  });
  return out;
}

// plain is what a reader sees of a text in which nothing is live.
function plain(text) {
  return unescape(text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target, label) => label || target));
}

function lines(text, verbatim) {
  const out = [];
  let quote = null;
  let run = [];
  const flush = () => {
    if (run.length) out.push(...inline(run.join("\n"), verbatim));
    run = [];
  };
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted) {
      flush();
      if (quote) quote.append(h("br"));
      else out.push((quote = h("blockquote")));
      quote.append(...inline(quoted[1], verbatim));
    } else {
      quote = null;
      run.push(line);
    }
  }
  flush();
  return out;
}

function inline(s, verbatim) {
  const out = [];
  let text = "";
  const flush = () => {
    if (text) out.push(document.createTextNode(unescape(text)));
    text = "";
  };
  const add = (node, end) => {
    flush();
    out.push(node);
    return end;
  };
  for (let i = 0; i < s.length; ) {
    const c = s[i];
    let end = 0;
    if (c === "\n") end = add(h("br"), i + 1);
    else if (c === "`") end = code(s, i, add);
    else if (c === "<") end = angle(s, i, add);
    else if (c === ":") end = named(s, i, add);
    else if (c === "h" && !verbatim && !word.test(s[i - 1] ?? "")) end = bare(s, i, add);
    else if (tags[c]) end = marked(s, i, verbatim, add);
    if (end) {
      i = end;
    } else {
      text += c;
      i++;
    }
  }
  flush();
  return out;
}

function code(s, i, add) {
  const j = s.indexOf("`", i + 1);
  const inner = s.slice(i + 1, j);
  return j > i + 1 && !inner.includes("\n") ? add(h("code", {}, plain(inner)), j + 1) : 0;
}

function angle(s, i, add) {
  const match = /^<([^<>\n]+)>/.exec(s.slice(i));
  return match ? add(live(match[1]), i + match[0].length) : 0;
}

function named(s, i, add) {
  const match = /^:([a-z0-9_+-]+):/.exec(s.slice(i, i + 60));
  return match && knows(match[1]) ? add(document.createTextNode(emoji(match[1])), i + match[0].length) : 0;
}

function bare(s, i, add) {
  const match = address.exec(s.slice(i));
  if (!match) return 0;
  const url = match[0].replace(/[.,;:!?)]+$/, "");
  return add(link(unescape(url)), i + url.length);
}

// marked finds *bold*, _italic_ and ~struck~ by Slack's rule: the marks touch the words within and no letter outside.
function marked(s, i, verbatim, add) {
  const c = s[i];
  if (word.test(s[i - 1] ?? "") || s[i - 1] === c || /\s/.test(s[i + 1] ?? " ") || s[i + 1] === c) return 0;
  for (let j = i + 2; j < s.length && s[j] !== "\n"; j++) {
    if (s[j] === c && !/\s/.test(s[j - 1]) && !word.test(s[j + 1] ?? "") && s[j + 1] !== c) {
      return add(h(tags[c], {}, inline(s.slice(i + 1, j), verbatim)), j + 1);
    }
  }
  return 0;
}

// live renders what stands in angle brackets.
function live(inner) {
  const [target, ...rest] = inner.split("|");
  const label = rest.length ? unescape(rest.join("|")) : "";
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  return link(unescape(target), label);
}
