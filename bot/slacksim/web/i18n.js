// The page's language: chosen on the page, else set by the server, else the acting person's, else the browser's.
import { words } from "./words.js";

let lang = "en";
let column = 1;

export const currentLang = () => lang;

export function settle(fromServer, fromPerson) {
  const wanted = localStorage.getItem("lang") || fromServer || fromPerson || navigator.language || "en";
  lang = wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  column = lang === "zh-CN" ? 0 : 1;
  document.documentElement.lang = lang;
}

export function toggle() {
  localStorage.setItem("lang", lang === "zh-CN" ? "en" : "zh-CN");
}

// t gives a text of the page with its values.
export function t(key, ...values) {
  return words[key][column].replace(/\{(\d)\}/g, (_, n) => values[n] ?? "");
}

// pick chooses among words that came from the server.
export function pick(texts) {
  return texts?.[lang] ?? texts?.en ?? Object.values(texts ?? {})[0] ?? "";
}

// count says "1 reply" or "3 replies".
export const count = (n, one, many) => (n === 1 ? t(one) : t(many, n));
