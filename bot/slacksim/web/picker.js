// The closed form of a menu of choices: a button that shows what is chosen and opens the list.
import { fill, h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { listbox } from "./listbox.js";
import { popover } from "./popover.js";

// picker makes the button. chosen are values, change is told the new ones: at once for a single choice, when the list
// closes for several.
export function picker({ options, chosen, multi = false, max = Infinity, placeholder, label, change, key, clear = false, disabled = false }) {
  let values = [...chosen];
  const text = h("span", { class: "chosen" });
  const button = h("button", {
    type: "button", class: "picker", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": null, disabled, data: { k: key ?? "" },
    on: { click: () => open() },
  }, text, icon("down"));

  const show = () => {
    const labels = values.map((v) => options.find((o) => o.value === v)?.label ?? v);
    if (!labels.length) fill(text, h("span", { class: "placeholder" }, placeholder || t("choose")));
    else if (multi) fill(text, labels.map((l) => h("span", { class: "chip" }, l)));
    else fill(text, labels[0]);
    button.setAttribute("aria-label", [label, labels.join(", ") || placeholder || t("choose")].filter(Boolean).join(": "));
  };
  const set = (next) => {
    values = next;
    show();
  };
  const open = () => {
    const before = values.join();
    const close = popover(button, list.node(), {
      className: "choices",
      onClose: () => multi && values.join() !== before && change(values),
    });
    list.focus();
    list.close = close;
  };
  const choose = (value) => {
    if (multi) {
      set(values.includes(value) ? values.filter((v) => v !== value) : values.length < max ? [...values, value] : values);
      return;
    }
    set(clear && values[0] === value ? [] : [value]);
    list.close();
    change(values);
  };
  const list = {
    node() {
      this.box = listbox({ options, picked: () => values, multi, choose, label: label || placeholder });
      return this.box.node;
    },
    focus() {
      this.box.focus();
      this.box.mark();
    },
    close: () => {},
  };
  show();
  return button;
}
