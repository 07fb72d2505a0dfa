// One floating layer at a time: menus, lists of choices, the emoji board. On narrow screens it is a sheet at the bottom.
import { h } from "./dom.js";

let open = null;

// popover shows content beside anchor and returns a function that closes it. Esc, a press elsewhere and a second press
// on the anchor close it; the focus goes back to the anchor.
export function popover(anchor, content, { className = "", onClose } = {}) {
  if (open?.anchor === anchor) {
    open.close();
    return () => {};
  }
  open?.close();
  const host = anchor.closest("dialog") ?? document.body;
  const layer = h("div", { class: `popover ${className}` }, content);
  host.append(layer);
  place(layer, anchor);
  anchor.setAttribute("aria-expanded", "true");

  const outside = (e) => {
    if (!layer.contains(e.target) && !anchor.contains(e.target)) close(false);
  };
  const key = (e) => {
    if (e.key !== "Escape") return;
    e.preventDefault();
    e.stopPropagation();
    close();
  };
  const close = (refocus = true) => {
    if (open?.layer !== layer) return;
    open = null;
    layer.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", key, true);
    removeEventListener("resize", close);
    if (refocus && anchor.isConnected) anchor.focus({ preventScroll: true });
    onClose?.();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", key, true);
  addEventListener("resize", close);
  open = { anchor, layer, close };
  return close;
}

function place(layer, anchor) {
  if (innerWidth <= 640) {
    layer.classList.add("sheet");
    return;
  }
  const a = anchor.getBoundingClientRect();
  const { offsetWidth: w, offsetHeight: height } = layer;
  const below = innerHeight - a.bottom > height + 12 || a.top < height + 12;
  const top = below ? Math.min(a.bottom + 4, innerHeight - height - 8) : a.top - height - 4;
  const left = a.left + w + 8 > innerWidth ? a.right - w : a.left;
  layer.style.setProperty("top", `${Math.max(8, top)}px`);
  layer.style.setProperty("left", `${Math.min(Math.max(8, left), innerWidth - w - 8)}px`);
}
