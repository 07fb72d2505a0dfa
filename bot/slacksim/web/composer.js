// Where messages are typed. Enter sends, Shift+Enter breaks the line; while an input method composes, Enter is its own.
import { act } from "./api.js";
import { completion } from "./complete.js";
import { h, icon } from "./dom.js";
import { pick, t } from "./i18n.js";
import { menu } from "./menu.js";
import { edit } from "./message.js";
import { me, store } from "./store.js";
import { attempt } from "./toast.js";

// editLast opens one's own last message there, as the up key does in an empty field.
function editLast(e, { thread }) {
  const list = (thread ? store.thread : store.room)?.messages ?? [];
  const last = list.findLast((m) => m.user === me() && !m.app && !m.deleted && !m.ephemeral);
  if (!last) return;
  e.preventDefault();
  edit(last);
}

let serial = 0;
const drafts = new Map(); // by person and place, while the page lives

// composer makes one. where() is {channel, thread}; also says whether "also send to the channel" is offered.
export function composer({ where, label, also }) {
  const id = `complete${++serial}`;
  const box = h("ul", { class: "complete options", role: "listbox", id, hidden: true });
  const area = h("textarea", { rows: 1, placeholder: label, "aria-label": label, role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false", class: "say" });
  const note = h("p", { class: "note", role: "alert", hidden: true });
  const check = also ? h("input", { type: "checkbox" }) : null;
  const send = h("button", { type: "submit", class: "send", title: t("send"), "aria-label": t("send"), disabled: true }, icon("send"));
  const key = () => `${store.state.me} ${where().channel} ${where().thread ?? ""}`;
  const help = completion(area, box, () => Boolean(where().thread));

  const grow = () => {
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", `${Math.min(area.scrollHeight, 200)}px`);
    send.disabled = !area.value.trim();
    drafts.set(key(), area.value);
  };
  const say = (text) => {
    note.textContent = text;
    note.hidden = !text;
  };
  const insert = (text) => {
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  };
  const submit = async () => {
    const text = area.value;
    if (!text.trim()) return;
    const { channel, thread } = where();
    const command = /^\/\S+/.exec(text)?.[0];
    say("");
    if (command && thread) return say(t("errInThread", command));
    area.value = "";
    grow();
    try {
      await act(command ? { do: "command", channel, text } : { do: "post", channel, thread, text, also: check?.checked });
      if (check) check.checked = false;
    } catch (e) {
      if (!area.value) area.value = text;
      grow();
      say(e.word === "no_command" ? t("errCommand", command) : e.message);
    }
  };
  area.addEventListener("input", () => {
    grow();
    say("");
  });
  area.addEventListener("keydown", (e) => {
    if (e.isComposing || e.keyCode === 229 || help.keydown(e)) return;
    if (e.key === "ArrowUp" && !area.value) return void editLast(e, where());
    if (e.key !== "Enter" || e.shiftKey) return;
    e.preventDefault();
    submit();
  });
  area.addEventListener("keypress", (e) => {
    if (e.key === "Enter" && !e.shiftKey) e.preventDefault(); // some senders of keys do not heed the above
  });
  const shortcuts = () => store.state.shortcuts.filter((s) => !s.message).map((s) => ({ label: pick(s.label), run: () => attempt(act({ do: "shortcut", name: s.id })) }));
  const commands = () => store.state.commands.map((c) => ({ label: c.name, hint: pick(c.description) || c.usage, run: () => insert(c.name + " ") }));
  const open = (e) => menu(e.currentTarget, [...shortcuts(), ...(shortcuts().length && commands().length ? [null] : []), ...(where().thread ? [] : commands())]);
  const bar = h("div", { class: "bar" },
    h("button", { type: "button", title: t("mention"), "aria-label": t("mention"), on: { click: () => insert("@") } }, icon("at")),
    (shortcuts().length > 0 || (store.state.commands.length > 0 && !also)) && h("button", { type: "button", title: t("shortcuts"), "aria-label": t("shortcuts"), "aria-haspopup": "menu", on: { click: open } }, icon("bolt")),
    check && h("label", { class: "also" }, check, also), h("span", { class: "gap" }), send);
  const form = h("form", { class: "composer", on: { submit: (e) => (e.preventDefault(), submit()) } }, note, box, area, bar);
  area.value = drafts.get(key()) ?? "";
  requestAnimationFrame(grow);
  return { node: form, focus: () => area.focus({ preventScroll: true }) };
}
