// Language and theme.
import { h, icon } from "./dom.js";
import { settle, t, toggle } from "./i18n.js";
import { emit, me, store } from "./store.js";

export function settings() {
  const dark = theme.current() === "dark";
  const redraw = () => {
    settle(store.state.lang, store.state.users[me()].locale);
    emit("state");
    emit("views");
  };
  const flip = () => theme.set(dark ? "light" : "dark");
  const speak = () => {
    toggle();
    redraw();
  };
  return h("div", { class: "settings" },
    h("button", { type: "button", class: "btn quiet", data: { k: "lang" }, on: { click: speak } }, t("language")),
    h("button", { type: "button", class: "btn quiet", data: { k: "theme" }, on: { click: flip } }, icon(dark ? "sun" : "moon"), t(dark ? "light" : "dark")));
}
