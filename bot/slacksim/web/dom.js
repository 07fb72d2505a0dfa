// Elements are made here and nowhere else: text always becomes a text node, so that no string can turn into markup.

// h makes an element. Properties: class, on: {event: handler}, data: {…}, any attribute; false and null leave it out.
export function h(tag, props, ...kids) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (name === "data") {
      Object.assign(node.dataset, value);
    } else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") {
      node[name] = value;
    } else if (name === "css") {
      for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  put(node, kids);
  return node;
}

function put(node, kids) {
  for (const kid of kids) {
    if (Array.isArray(kid)) put(node, kid);
    else if (kid instanceof Node) node.append(kid);
    else if (kid !== null && kid !== undefined && kid !== false && kid !== "") node.append(document.createTextNode(String(kid)));
  }
}

// fill replaces everything in a node.
export function fill(node, ...kids) {
  node.replaceChildren();
  put(node, kids);
  return node;
}

// keyed makes a node's children those of items [{key, sig, make}]. Children whose sig is unchanged stay as they are, so
// that focus, selection and scroll position survive.
export function keyed(parent, items) {
  const old = new Map();
  for (const kid of parent.children) old.set(kid.dataset.key, kid);
  let at = parent.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    const fresh = !node || node.sig !== item.sig;
    if (fresh) {
      const made = item.make();
      made.dataset.key = item.key;
      made.sig = item.sig;
      if (node) {
        if (at === node) at = made;
        replace(node, made);
      }
      node = made;
    }
    old.delete(item.key);
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const gone of old.values()) gone.remove();
}

// replace keeps the focus on what stands for the focused control, by its data-k.
function replace(node, made) {
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.k : null;
  const self = node === document.activeElement;
  node.replaceWith(made);
  if (self) made.focus({ preventScroll: true });
  else if (focused) made.querySelector(`[data-k="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

// icon draws one of the page's own line icons.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", icons[name]);
  svg.append(path);
  return svg;
}

const icons = {
  more: "M4 10h.01M10 10h.01M16 10h.01",
  reply: "M4 5h12v8H9l-4 3v-3H4z",
  smile: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M7 8.2h.01M13 8.2h.01M6.8 11.5c1.4 2.4 5 2.4 6.4 0",
  close: "M5 5l10 10M15 5L5 15",
  back: "M12 4l-6 6 6 6",
  down: "M5 8l5 5 5-5",
  send: "M3 10l14-6-5 13-3-5.5z",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0v1.2c0 2.4 3.5 2 3.5-1.2A6.5 6.5 0 1 0 13 15.8",
  bolt: "M11 3L5 11h4l-1 6 6-8h-4z",
  sun: "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6M10 2v2M10 16v2M2 10h2M16 10h2M4.3 4.3l1.4 1.4M14.3 14.3l1.4 1.4M15.7 4.3l-1.4 1.4M5.7 14.3l-1.4 1.4",
  moon: "M16 11.5A6.5 6.5 0 1 1 8.5 4 5.2 5.2 0 0 0 16 11.5z",
  lock: "M5.5 9h9v7h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  file: "M6 3h5l4 4v10H6zM11 3v4h4",
  plug: "M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l3 2",
  check: "M4 10.5l4 4 8-9",
  image: "M3 5h14v10H3zM3 13l4-4 4 4 2-2 4 4M13 8h.01",
};
