// The app's home tab.
import { act } from "./api.js";
import { blocks } from "./blocks.js";
import { fill, h } from "./dom.js";
import { currentLang, t } from "./i18n.js";
import { on, store } from "./store.js";
import { attempt } from "./toast.js";

const held = { id: "", values: {} };
let node = null;
let shown = "";

export function home() {
  node = h("div", { class: "scroller home", tabindex: "0", "aria-label": t("appHome") });
  shown = "";
  drawHome();
  return node;
}

function drawHome() {
  if (!node || (!node.isConnected && shown)) return;
  const v = store.views.home;
  const sig = `${v?.id}${v?.hash}${currentLang()}`;
  if (sig === shown) return;
  shown = sig;
  if (!v) return fill(node, h("p", { class: "nothing" }, t("emptyHome")));
  if (held.id !== v.id) Object.assign(held, { id: v.id, values: {} });
  const io = {
    values: held.values,
    use: (block, action, values) => attempt(act({ do: "use_view", view: v.id, block, action, values, state: held.values })),
  };
  const top = node.scrollTop;
  fill(node, h("div", { class: "sheetlike" }, blocks(v.body.blocks, io)));
  node.scrollTop = top;
}

on("views", drawHome);
