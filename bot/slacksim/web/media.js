// Pictures and files. Nothing is fetched from elsewhere: a picture is shown by its description.
import { h, icon } from "./dom.js";
import { t } from "./i18n.js";

export const imagePlaceholder = (e) => h("span", { class: "picture", role: "img", "aria-label": e.alt_text || t("image") }, icon("image"), e.alt_text || t("image"));

function size(bytes) {
  if (!bytes) return "";
  const units = ["B", "KB", "MB", "GB"];
  const n = Math.min(3, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${(bytes / 1024 ** n).toFixed(n && bytes / 1024 ** n < 10 ? 1 : 0)} ${units[n]}`;
}

export const fileChip = (f) =>
  h("span", { class: "file" }, icon(f.type?.startsWith("image/") ? "image" : "file"),
    h("span", {}, h("b", {}, f.name), h("small", {}, [f.type, size(f.size)].filter(Boolean).join(" · "))));
