// The app's modals: the one on top of the stack. What was typed survives updates of the same view.
import { act } from "./api.js";
import { blocks } from "./blocks.js";
import { fill, h, icon } from "./dom.js";
import { currentLang, t } from "./i18n.js";
import { on, store } from "./store.js";
import { plainOf } from "./text.js";
import { attempt, toast } from "./toast.js";

const forms = new Map(); // view id → {values, errors}
let box = null;
let shown = "";

function drawModal() {
  const v = store.views.modals.at(-1);
  for (const id of forms.keys()) if (!store.views.modals.some((m) => m.id === id)) forms.delete(id);
  if (!v) {
    shown = "";
    box?.remove();
    box = null;
    return;
  }
  const sig = [v.id, v.hash, currentLang()].join();
  if (sig === shown) return;
  shown = sig;
  if (!forms.has(v.id)) forms.set(v.id, { values: {}, errors: v.errors ?? {} });
  else forms.get(v.id).errors = v.errors ?? {};
  if (!box) {
    box = h("dialog", { class: "modal" });
    box.addEventListener("cancel", (e) => {
      e.preventDefault();
      const top = store.views.modals.at(-1);
      if (top) shut(top);
    });
    document.body.append(box);
  }
  if (!box.open) box.showModal();
  lay(v);
}

const shut = (v) => attempt(act({ do: "close", view: v.id }));

// lay draws a view into the dialog and puts the focus back where it was.
function lay(v) {
  const form = forms.get(v.id);
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.k : null;
  const top = box.querySelector(".content")?.scrollTop ?? 0;
  const stacked = store.views.modals.length > 1;
  const io = {
    values: form.values, errors: form.errors,
    use: (block, action, values) => attempt(act({ do: "use_view", view: v.id, block, action, values, state: form.values })),
    changed: (block) => clearError(v, block),
  };
  const title = plainOf(v.body.title);
  box.setAttribute("aria-label", title);
  const submit = v.body.submit && h("button", { class: "btn primary", type: "submit" }, plainOf(v.body.submit));
  fill(box, h("form", { novalidate: true, on: { submit: (e) => (e.preventDefault(), send(v, submit)) } },
    h("header", { class: "head" },
      stacked && h("button", { type: "button", class: "iconbtn", "aria-label": t("back"), on: { click: () => shut(v) } }, icon("back")),
      h("h2", {}, title), h("span", { class: "gap" }),
      h("button", { type: "button", class: "iconbtn", "aria-label": t("close"), title: t("close"), on: { click: () => shut(v) } }, icon("close"))),
    h("div", { class: "content" }, blocks(v.body.blocks, io)),
    h("div", { class: "foot" },
      h("button", { class: "btn", type: "button", on: { click: () => shut(v) } }, v.body.close ? plainOf(v.body.close) : t("cancel")), submit)));
  box.querySelector(".content").scrollTop = top;
  const target = (focused && box.querySelector(`[data-k="${CSS.escape(focused)}"]`)) || box.querySelector("[autofocus], .content .field, .content .picker, .content input");
  target?.focus({ preventScroll: Boolean(focused) });
}

function clearError(v, block) {
  const form = forms.get(v.id);
  if (!form?.errors[block]) return;
  delete form.errors[block];
  const node = box.querySelector(`[data-block="${CSS.escape(block)}"] .inputblock`);
  node?.classList.remove("wrong");
  node?.querySelector(".error")?.remove();
}

async function send(v, submit) {
  const form = forms.get(v.id);
  if (!submit || submit.disabled) return;
  submit.disabled = true;
  submit.setAttribute("aria-busy", "true");
  try {
    const answer = await act({ do: "submit", view: v.id, state: form.values });
    form.errors = answer.errors ?? {};
    if (Object.keys(form.errors).length) showErrors(v);
  } catch (e) {
    toast(e.message, true);
  }
  submit.disabled = false;
  submit.removeAttribute("aria-busy");
}

function showErrors(v) {
  lay(v);
  const first = box.querySelector(".wrong");
  first?.scrollIntoView({ block: "nearest" });
  first?.querySelector("[data-k], input")?.focus();
}

on("views", drawModal);
on("state", () => box && drawModal());
