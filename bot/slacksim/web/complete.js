// Completion in the composer: @people, #channels and /commands.
import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { pick, t } from "./i18n.js";
import { store } from "./store.js";

// candidates are what may stand at the cursor: {start, list: [{insert, label, hint, face}]}, or null.
function candidates(area, inThread) {
  const before = area.value.slice(0, area.selectionStart);
  const command = /^\/(\S*)$/.exec(before);
  if (command && !inThread) return { start: 0, list: commands(command[1]) };
  const match = /(^|[^A-Za-z0-9_])([@#])([^\s@#]{0,20})$/.exec(before);
  if (!match) return null;
  const list = match[2] === "@" ? people(match[3]) : channels(match[3]);
  return { start: before.length - match[3].length - 1, list };
}

const commands = (typed) =>
  store.state.commands.filter((c) => c.name.startsWith("/" + typed)).map((c) => ({ insert: c.name + " ", label: c.name, hint: [c.usage, pick(c.description)].filter(Boolean).join(" · ") }));

function people(typed) {
  const words = typed.toLowerCase();
  const found = Object.entries(store.state.users)
    .filter(([, u]) => !u.gone && [u.name, u.handle, u.real].some((n) => n.toLowerCase().startsWith(words)))
    .map(([id, u]) => ({ insert: `@${u.name} `, label: u.name, hint: u.name === u.handle ? "" : u.handle, face: avatar(id, u.name, { size: "small", app: u.bot }) }));
  const all = ["channel", "here"].filter((w) => w.startsWith(words)).map((w) => ({ insert: `@${w} `, label: `@${w}` }));
  return [...found, ...all].slice(0, 8);
}

const channels = (typed) =>
  store.state.rooms.filter((r) => r.name.toLowerCase().includes(typed.toLowerCase())).slice(0, 8).map((r) => ({ insert: `#${r.name} `, label: "#" + r.name }));

// completion watches a text area; box is where its list is shown. keydown returns whether it used the key.
export function completion(area, box, inThread) {
  let found = null;
  let at = 0;
  const hide = () => {
    found = null;
    box.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    found = candidates(area, inThread());
    if (!found?.list.length) return hide();
    at = Math.min(at, found.list.length - 1);
    box.hidden = false;
    box.replaceChildren(...found.list.map((c, i) =>
      h("li", { role: "option", id: `${box.id}-${i}`, class: i === at ? "at" : "", "aria-selected": String(i === at), on: { pointerdown: (e) => (e.preventDefault(), take(c)) } },
        c.face, h("span", { class: "label" }, c.label), c.hint && h("small", {}, c.hint))));
    area.setAttribute("aria-activedescendant", `${box.id}-${at}`);
  };
  const take = (c) => {
    area.setRangeText(c.insert, found.start, area.selectionStart, "end");
    hide();
    area.focus();
    area.dispatchEvent(new Event("input"));
  };
  const keydown = (e) => {
    if (!found) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      at = (at + step + found.list.length) % found.list.length;
      show();
    } else if (e.key === "Enter" || e.key === "Tab") {
      const c = found.list[at];
      if (e.key === "Enter" && area.value.slice(found.start, area.selectionStart).trim() === c.insert.trim() && c.insert.startsWith("/")) return hide(), false;
      take(c);
    } else if (e.key === "Escape") {
      hide();
    } else {
      return false;
    }
    e.preventDefault();
    return true;
  };
  area.addEventListener("input", () => {
    at = 0;
    show();
  });
  area.addEventListener("blur", hide);
  box.setAttribute("aria-label", t("search"));
  return { keydown };
}
