// Interactive elements of Block Kit. Each gets io: values {block: {action: [values]}}, which it keeps up to date, and
// use(block, action, values, confirm), which tells the app.
import { h, icon } from "./dom.js";
import { ask } from "./dialog.js";
import { t } from "./i18n.js";
import { menu } from "./menu.js";
import { picker } from "./picker.js";
import { avatar } from "./avatar.js";
import { store } from "./store.js";
import { plainOf, textOf } from "./text.js";
import { field } from "./fields.js";
import { link } from "./pieces.js";
import { imagePlaceholder } from "./media.js";

// element draws one element. input is set inside an input block, where a choice tells the app nothing unless the block
// dispatches its action.
export function element(e, block, io, input = null) {
  const at = { block: block.block_id, action: e.action_id, key: `${block.block_id}/${e.action_id}` };
  const draw = drawings[e.type] ?? (e.type?.endsWith("_select") ? select : fields.has(e.type) ? field : unknown);
  const started = initial(e);
  const held = (io.values[at.block] ??= {});
  if (started && !(at.action in held)) held[at.action] = started;
  const change = (values) => {
    held[at.action] = values;
    io.changed?.(at.block, at.action);
    if (!input || input.dispatch_action) return fire(e, at, io, values);
  };
  return draw(e, { ...at, io, input, change, held: () => held[at.action] ?? [], fire: (values) => fire(e, at, io, values) });
}

const fields = new Set(["plain_text_input", "number_input", "email_text_input", "url_text_input", "datepicker", "timepicker",
  "datetimepicker", "rich_text_input", "file_input"]);

const one = (v) => (v === undefined || v === null ? [] : [String(v)]);

// initial are the values that an element starts with.
function initial(e) {
  if (["button", "image", "overflow", "workflow_button"].includes(e.type)) return null;
  const options = e.initial_options ?? (e.initial_option ? [e.initial_option] : null);
  if (options) return options.map((o) => o.value);
  return e.initial_users ?? e.initial_channels ?? e.initial_conversations ??
    one(e.initial_user ?? e.initial_channel ?? e.initial_conversation ?? e.initial_date ?? e.initial_time ?? e.initial_date_time ?? e.initial_value);
}

async function fire(e, at, io, values) {
  const c = e.confirm;
  if (c) {
    const yes = await ask({ title: plainOf(c.title), text: textOf(c.text), yes: plainOf(c.confirm), no: plainOf(c.deny), danger: c.style === "danger" });
    if (!yes) return false;
  }
  return io.use(at.block, at.action, values);
}

function button(e, x) {
  const press = async (ev) => {
    const node = ev.currentTarget;
    node.setAttribute("aria-busy", "true");
    await x.fire([]);
    node.removeAttribute("aria-busy");
  };
  const style = e.style === "primary" || e.style === "danger" ? e.style : "";
  const props = { type: "button", class: `btn ${style}`, data: { k: x.key, action: e.action_id, value: e.value ?? "" }, "aria-label": e.accessibility_label, on: { click: press } };
  if (!e.url) return h("button", props, plainOf(e.text));
  const a = link(e.url, plainOf(e.text), `btn ${style}`);
  a.addEventListener?.("click", () => x.fire([]));
  return a;
}

const optionsOf = (e) =>
  (e.option_groups ?? [{ options: e.options ?? [] }]).flatMap((g) =>
    g.options.map((o) => ({ value: o.value, label: plainOf(o.text), hint: plainOf(o.description), group: g.label && plainOf(g.label) })));

function people() {
  return Object.entries(store.state.users).filter(([, u]) => !u.gone).map(([id, u]) => ({
    value: id, label: u.name, hint: u.name === u.handle ? "" : u.handle, face: avatar(id, u.name, { size: "small", app: u.bot }),
  }));
}

const channels = () => store.state.rooms.map((r) => ({ value: r.id, label: "#" + r.name }));

function select(e, x) {
  const multi = e.type.startsWith("multi_");
  const kind = e.type.replace("multi_", "");
  const options = kind === "users_select" ? people() : kind === "static_select" ? optionsOf(e) : kind === "external_select" ? initialOptions(e) : channels();
  return picker({
    options, multi, chosen: x.held(), max: e.max_selected_items, key: x.key, label: x.input && plainOf(x.input.label), clear: Boolean(x.input?.optional),
    placeholder: kind === "external_select" ? t("externalOptions") : plainOf(e.placeholder), change: x.change, disabled: kind === "external_select",
  });
}

const initialOptions = (e) => (e.initial_options ?? (e.initial_option ? [e.initial_option] : [])).map((o) => ({ value: o.value, label: plainOf(o.text) }));

function overflow(e, x) {
  const items = (e.options ?? []).map((o) => ({ label: plainOf(o.text), hint: plainOf(o.description), run: () => x.fire([o.value]) }));
  return h("button", { type: "button", class: "btn square", "aria-haspopup": "menu", "aria-label": t("moreActions"), data: { k: x.key }, on: { click: (ev) => menu(ev.currentTarget, items) } }, icon("more"));
}

function choices(e, x) {
  const many = e.type === "checkboxes";
  const name = x.key;
  const group = h("div", { class: "checks", role: many ? "group" : "radiogroup", "aria-label": x.input && plainOf(x.input.label) });
  for (const o of e.options ?? []) {
    const input = h("input", { type: many ? "checkbox" : "radio", name, value: o.value, checked: x.held().includes(o.value), data: { k: `${name}/${o.value}` } });
    input.addEventListener("change", () => x.change([...group.querySelectorAll("input:checked")].map((i) => i.value)));
    group.append(h("label", {}, input, h("span", {}, textOf(o.text), o.description && h("small", {}, textOf(o.description)))));
  }
  return group;
}

function unknown(e) {
  return h("span", { class: "unknown" }, t("unknownBlock", e.type));
}

const drawings = { button, workflow_button: button, overflow, checkboxes: choices, radio_buttons: choices, image: imagePlaceholder };
