// Fields to type in, and pickers of dates and times.
import { h } from "./dom.js";
import { plainOf } from "./text.js";
import { fromInput, toInput } from "./time.js";

const kinds = {
  number_input: "text", email_text_input: "email", url_text_input: "url", plain_text_input: "text", datepicker: "date", timepicker: "time",
  datetimepicker: "datetime-local",
};

export function field(e, x) {
  const long = e.multiline || e.type === "rich_text_input";
  const value = x.held()[0] ?? "";
  const props = {
    class: "field", placeholder: plainOf(e.placeholder) || null, maxlength: e.max_length ?? null, data: { k: x.key }, autocomplete: "off",
    "aria-label": x.input ? plainOf(x.input.label) : plainOf(e.placeholder) || null, autofocus: e.focus_on_load ?? false,
  };
  const node = long
    ? h("textarea", { ...props, rows: 4, value })
    : h("input", { ...props, type: kinds[e.type] ?? "text", inputmode: e.type === "number_input" ? (e.is_decimal_allowed ? "decimal" : "numeric") : null, value: shown(e, value) });
  if (["date", "time", "datetime-local"].includes(node.type)) picked(e, x, node);
  else typed(e, x, node, long);
  return node;
}

const shown = (e, value) => (e.type === "datetimepicker" && value ? toInput(Number(value) * 1000) : value);

function picked(e, x, node) {
  node.addEventListener("change", () => {
    const seconds = e.type === "datetimepicker" && node.value ? String(Math.floor(fromInput(node.value) / 1000)) : node.value;
    x.change(seconds ? [seconds] : []);
  });
}

// typed keeps the value while somebody types; the app hears of it by Enter or by every character, as the element asks.
function typed(e, x, node, long) {
  const triggers = e.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const speaks = !x.input || x.input.dispatch_action;
  node.addEventListener("input", () => {
    x.io.values[x.block][x.action] = node.value ? [node.value] : [];
    x.io.changed?.(x.block, x.action);
    if (speaks && triggers.includes("on_character_entered")) x.fire([node.value]);
  });
  node.addEventListener("keydown", (ev) => {
    if (ev.key !== "Enter" || ev.isComposing || long) return;
    if (speaks && triggers.includes("on_enter_pressed")) {
      ev.preventDefault();
      x.fire([node.value]);
    }
  });
}
