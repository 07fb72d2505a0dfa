// The strip on top: simulated time and its control, the app's plug, and as whom one acts.
import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { fill, h, icon } from "./dom.js";
import { currentLang, pick, t } from "./i18n.js";
import { listbox } from "./listbox.js";
import { popover } from "./popover.js";
import { become, me, now, nameOf, on, store } from "./store.js";
import { story } from "./story.js";
import { clockSeconds, dayKey, fromInput, shortDate, toInput } from "./time.js";
import { attempt } from "./toast.js";

const strip = document.getElementById("strip");
const speeds = [1, 60, 600];
let shown = "";
let face = null;

function drawStrip() {
  if (!store.state) return;
  const { control, speed, running } = store.clock;
  const sig = JSON.stringify([currentLang(), me(), control, speed, running, store.state.viewers, store.state.top.plug]);
  if (sig !== shown) {
    shown = sig;
    const focused = strip.contains(document.activeElement) ? document.activeElement.dataset.k : null;
    face = { time: h("span", { class: "time" }), date: h("span", { class: "date" }) };
    fill(strip,
      h("div", { class: "controls" },
        h("div", { class: "clock", role: "timer", "aria-label": t("simulatedTime"), title: t("simulatedTime") }, face.time, face.date),
        control && speedSwitch(speed), control && h("button", { type: "button", class: "btn", data: { k: "jump" }, "aria-haspopup": "dialog", "aria-label": t("jump"), title: t("jump"), on: { click: (e) => jump(e.currentTarget) } }, icon("clock"), h("span", { class: "words" }, t("jump"))),
        store.state.top.plug && plug(running),
        h("span", { class: "gap" }), person()),
      story.node);
    if (focused) strip.querySelector(`[data-k="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  story.draw();
  tick();
}

function tick() {
  if (!face || !store.state) return;
  const ms = now();
  face.time.textContent = clockSeconds(ms);
  face.date.textContent = shortDate(ms);
}

function speedSwitch(speed) {
  const group = h("div", { class: "segments", role: "radiogroup", "aria-label": t("speed") });
  [...new Set([...speeds, speed])].sort((a, b) => a - b).forEach((s) => {
    const on = s === speed;
    group.append(h("button", { type: "button", role: "radio", "aria-checked": String(on), tabindex: on ? 0 : -1, data: { k: `speed${s}`, speed: s }, on: { click: () => set(s) } }, `${s}×`));
  });
  const set = (s) => attempt(act({ do: "speed", speed: s }));
  group.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    const all = [...group.children];
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    next.focus();
    next.click();
  });
  return group;
}

function jump(anchor) {
  const to = (ms) => {
    close();
    attempt(act({ do: "jump", time: Math.round(ms) }));
  };
  const morning = () => {
    const next = fromInput(`${dayKey(now() + 86_400_000)}T09:00`);
    return next;
  };
  const input = h("input", { type: "datetime-local", class: "field", value: toInput(now()), "aria-label": t("jump") });
  const quick = (label, ms) => h("button", { type: "button", class: "btn", on: { click: () => to(ms()) } }, label);
  const form = h("form", { class: "jump", on: { submit: (e) => (e.preventDefault(), input.value && to(fromInput(input.value))) } },
    quick(t("jumpMinutes"), () => now() + 600_000), quick(t("jumpHour"), () => now() + 3_600_000), quick(t("jumpMorning"), morning),
    input, h("button", { class: "btn primary" }, t("jumpGo")));
  const close = popover(anchor, form, { className: "padded" });
  form.querySelector("button").focus();
}

function plug(running) {
  const press = async (e) => {
    const node = e.currentTarget;
    node.disabled = true;
    await attempt(act({ do: "plug", on: !running }));
    node.disabled = false;
  };
  return h("div", { class: `plug${running ? "" : " off"}` }, h("span", { class: "presence" + (running ? "" : " off") }), h("span", { role: "status" }, t(running ? "botUp" : "botDown")),
    h("button", { type: "button", class: `btn ${running ? "" : "primary"}`, data: { k: "plug" }, title: t(running ? "plugOut" : "plugIn"), "aria-label": t(running ? "plugOut" : "plugIn"), on: { click: press } }, icon("plug"), h("span", { class: "words" }, t(running ? "plugOut" : "plugIn"))));
}

function person() {
  const open = (e) => {
    const options = store.state.viewers.map((v) => ({ value: v.id, label: v.name, hint: [pick(v.role), v.team === store.state.team ? "" : v.team].filter(Boolean).join(" · "), face: avatar(v.id, v.name, { size: "small" }) }));
    const list = listbox({ options, picked: () => [me()], label: t("awayAs"), choose: (id) => (close(), attempt(become(id))) });
    const close = popover(e.currentTarget, [h("div", { class: "caption" }, t("awayAs")), list.node], { className: "choices" });
    list.focus();
    list.mark();
  };
  const name = nameOf(me());
  return h("button", { type: "button", class: "person", data: { k: "person" }, "aria-haspopup": "listbox", "aria-label": `${t("awayAs")}: ${name}`, on: { click: open } }, avatar(me(), name, { size: "small" }), h("span", {}, name), icon("down"));
}

on("state", drawStrip);
on("clock", drawStrip);
on("link", (up) => strip.classList.toggle("offline", !up));
setInterval(tick, 200);
