// Reactions under a message, and the board to choose one from.
import { act } from "./api.js";
import { h, icon } from "./dom.js";
import { emoji, emojiNames, frequent } from "./emoji.js";
import { t } from "./i18n.js";
import { popover } from "./popover.js";
import { me, nameOf } from "./store.js";
import { attempt } from "./toast.js";

export const react = (channel, m, name, on) => attempt(act({ do: "react", channel, ts: m.ts, name, on }));

export function reactions(channel, m) {
  if (!m.reactions?.length) return null;
  const row = h("div", { class: "reactions" });
  for (const r of m.reactions) {
    const own = r.users.includes(me());
    const who = t("reactedWith", r.users.map((u) => nameOf(u)).join(", "), r.name);
    row.append(h("button", { type: "button", class: `reaction${own ? " own" : ""}`, "aria-pressed": String(own), title: who, "aria-label": who, data: { k: `r/${m.ts}/${r.name}` }, on: { click: () => react(channel, m, r.name, !own) } },
      h("span", {}, emoji(r.name)), h("b", {}, r.users.length)));
  }
  row.append(h("button", { type: "button", class: "reaction add", "aria-label": t("addReaction"), title: t("addReaction"), on: { click: (e) => board(e.currentTarget, channel, m) } }, icon("smile")));
  return row;
}

// board offers emoji beside anchor.
export function board(anchor, channel, m) {
  const grid = h("div", { class: "emojis", role: "group", "aria-label": t("addReaction"), on: { keydown: keys } });
  const close = popover(anchor, grid, { className: "board" });
  for (const name of [...new Set([...frequent, ...emojiNames])]) {
    const choose = () => {
      close();
      const own = m.reactions?.find((r) => r.name === name)?.users.includes(me());
      react(channel, m, name, !own);
    };
    grid.append(h("button", { type: "button", title: `:${name}:`, "aria-label": name, on: { click: choose } }, emoji(name)));
  }
  grid.firstChild.focus();
}

function keys(e) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[e.key];
  if (!step) return;
  e.preventDefault();
  const all = [...e.currentTarget.children];
  all[Math.min(all.length - 1, Math.max(0, all.indexOf(document.activeElement) + step))].focus();
}
