// The story as a row of steps: which are done, which comes next, what came of the last.
import { act } from "./api.js";
import { fill, h } from "./dom.js";
import { pick, t } from "./i18n.js";
import { become, go, loadState, me, store } from "./store.js";

const node = h("div", { class: "story" });
let mine = ""; // the step that was started here
let moved = false;

// visit goes where a step happens, after the visit before it: what a step shows at its end must not be undone by its start.
let visits = Promise.resolve();
const visit = (place) => (visits = visits.then(() => move(place)).catch(() => {}));

async function move(place) {
  const { as, channel, thread, home } = place ?? {};
  const to = channel || home ? { channel: channel || store.state.dm.id, thread: thread ?? "", home: Boolean(home) } : null;
  if (as && as !== me()) return become(as, to);
  if (to) return go(to);
}

async function start(step) {
  mine = step.id;
  moved = false;
  node.setAttribute("aria-busy", "true"); // until the page shows where the step led
  await act({ do: "step", name: step.id }).catch(() => {}); // the outcome is in the state
  mine = "";
  await loadState().catch(() => {});
  await visit(store.state.top.steps.find((s) => s.id === step.id)?.place);
  node.removeAttribute("aria-busy");
}

function outcome(top) {
  const label = (id) => pick(top.steps.find((s) => s.id === id)?.label);
  if (top.running) return t("running", label(top.running));
  if (top.error) return t("stepFailed", top.error);
  if (!top.last) return t("storyStart");
  const last = top.steps.find((s) => s.id === top.last);
  const came = (last?.typed ? t("typed", last.typed) : "") + (pick(last?.words) || `✓ ${label(top.last)}`);
  return top.steps.every((s) => s.done) ? came + t("allDone") : came;
}
let shown = "";

function draw() {
  const top = store.state.top;
  node.hidden = !top.steps.length;
  if (node.hidden) return;
  if (mine && top.running === mine && !moved) {
    moved = true;
    visit(top.steps.find((s) => s.id === mine)?.place);
  }
  const sig = JSON.stringify([top.steps, top.running, top.last, top.error, document.documentElement.lang]);
  if (sig === shown) return;
  shown = sig;
  const next = top.steps.find((s) => !s.done)?.id;
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.k : null;
  fill(node, h("ol", { "aria-label": t("story") }, top.steps.map((s, i) => {
    const state = top.running === s.id ? "now" : s.done ? "done" : s.id === next ? "next" : "";
    return h("li", { class: state }, h("button", { type: "button", disabled: Boolean(top.running), data: { k: `step${s.id}`, step: s.id }, "aria-current": state === "next" || state === "now" ? "step" : null, on: { click: () => start(s) } },
      h("span", { class: "num", "aria-hidden": "true" }, s.done && top.running !== s.id ? "✓" : i + 1), pick(s.label), s.done && h("span", { class: "unseen" }, t("stepDone"))));
  })), h("p", { class: `outcome${top.error ? " bad" : ""}`, role: "status" }, outcome(top)));
  if (focused) node.querySelector(`[data-k="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  node.querySelector(".now, .next")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export const story = { node, draw };
