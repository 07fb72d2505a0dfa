// One message: author, text or blocks, files, reactions, its thread's summary and its menu.
import { act } from "./api.js";
import { avatar } from "./avatar.js";
import { blocks } from "./blocks.js";
import { ask } from "./dialog.js";
import { h, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { count, pick, t } from "./i18n.js";
import { fileChip } from "./media.js";
import { menu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { board, react, reactions } from "./reactions.js";
import { emit, go, isDM, me, nameOf, store, user } from "./store.js";
import { clockTime, exact, millis, when } from "./time.js";
import { attempt, toast } from "./toast.js";
import { editor } from "./editor.js";

export const ui = { editing: "", dismissed: new Set() };

const systemWords = { channel_join: "joinedChannel", channel_leave: "leftChannel" };

// message draws m in a channel. follows is set where the same author spoke just before; inThread within a thread.
export function message(channel, m, { follows = false, inThread = false } = {}) {
  if (m.deleted) return frame(m, { tomb: true }, h("div", { class: "avatar tomb" }), h("div", { class: "words" }, h("em", { class: "gone" }, t("deletedMessage")), !inThread && summary(channel, m)));
  const system = systemWords[m.subtype];
  const name = m.app ? m.name : nameOf(m.user, m.name);
  const content = system ? h("div", { class: "system" }, t(system)) : ui.editing === m.ts ? editor(channel, m) : body(channel, m);
  const node = frame(m, { follows },
    follows ? h("time", { class: "aside", title: exact(millis(m.ts)) }, clockTime(millis(m.ts))) : avatar(m.user, name, { app: m.app }),
    h("div", { class: "words" },
      m.ephemeral && h("div", { class: "onlyyou" }, t("onlyYou")),
      !follows && heading(m, name), m.subtype === "thread_broadcast" && !inThread && broadcast(channel, m),
      content, reactions(channel, m), !inThread && summary(channel, m), m.ephemeral && dismiss(m)),
    !system && ui.editing !== m.ts && tools(channel, m, inThread));
  return node;
}

function frame(m, { follows, tomb }, ...kids) {
  const classes = ["message", follows && "follows", m.ephemeral && "ephemeral", tomb && "tombstone"].filter(Boolean).join(" ");
  return h("article", { class: classes, tabindex: "-1", data: { ts: m.ts, k: `m/${m.ts}` }, "aria-label": `${m.name}, ${clockTime(millis(m.ts))}` }, kids);
}

function heading(m, name) {
  const u = user(m.user);
  return h("div", { class: "who" }, h("b", {}, name),
    m.app && h("span", { class: "badge" }, t("app")), u?.guest && h("span", { class: "badge" }, t("guest")), u?.foreign && h("span", { class: "badge" }, t("external")),
    h("time", { title: exact(millis(m.ts)) }, clockTime(millis(m.ts))));
}

const broadcast = (channel, m) =>
  h("button", { type: "button", class: "linkish fine", on: { click: () => go({ channel, thread: m.thread }) } }, "↳ " + t("repliedThread"));

function dismiss(m) {
  const run = () => {
    ui.dismissed.add(m.ts);
    emit("room");
    emit("thread");
  };
  return h("button", { type: "button", class: "linkish fine", on: { click: run } }, t("dismiss"));
}

// body shows the app's blocks; what people type is Slack's own markup.
function body(channel, m) {
  const io = {
    values: {},
    use: (block, action, values) => attempt(act({ do: "use", channel, ts: m.ts, block, action, values, state: io.values })),
  };
  const own = m.app && m.blocks?.length ? blocks(m.blocks, io) : [h("div", { class: "mrkdwn" }, mrkdwn(m.text))];
  return h("div", { class: "content" }, own,
    m.edited && !m.app && h("span", { class: "edited" }, t("edited")),
    (m.attachments ?? []).map((a) => attachment(a, io)),
    m.files?.length && h("div", { class: "files" }, m.files.map(fileChip)));
}

function attachment(a, io) {
  const color = /^#?([0-9a-f]{6})$/i.exec(a.color ?? "");
  return h("div", { class: "attachment", css: color ? { "--bar": "#" + color[1] } : {} },
    a.pretext && h("div", {}, mrkdwn(a.pretext)), a.title && h("b", {}, a.title), a.text && h("div", { class: "mrkdwn" }, mrkdwn(a.text)),
    (a.fields ?? []).length > 0 && h("div", { class: "facts" }, a.fields.map((f) => h("div", {}, h("b", {}, f.title), h("br"), mrkdwn(f.value ?? "")))),
    blocks(a.blocks, io));
}

// summary is the line below a message with replies.
function summary(channel, m) {
  const r = m.replies;
  if (!r) return null;
  return h("button", { type: "button", class: `summary${r.unread ? " unread" : ""}`, data: { k: `s/${m.ts}` }, on: { click: () => go({ channel, thread: m.ts }) } },
    h("span", { class: "faces" }, r.users.slice(0, 4).map((id) => avatar(id, nameOf(id), { size: "small", app: user(id)?.bot }))),
    h("b", {}, count(r.count, "reply1", "replies")), h("span", { class: "last" }, t("lastReply", when(millis(r.last)))),
    r.unread && h("span", { class: "dot", role: "img", "aria-label": t("newLine") }));
}

function tools(channel, m, inThread) {
  const bar = h("div", { class: "tools", role: "toolbar", "aria-label": t("moreActions") });
  const tool = (label, content, run, tab = -1) => bar.append(h("button", { type: "button", tabindex: tab, title: label, "aria-label": label, data: { k: `t/${m.ts}/${label}` }, on: { click: (e) => run(e.currentTarget) } }, content));
  if (!m.ephemeral) {
    for (const name of ["white_check_mark", "eyes"]) tool(t("react", emoji(name)), emoji(name), () => react(channel, m, name, !m.reactions?.find((r) => r.name === name)?.users.includes(me())));
    tool(t("addReaction"), icon("smile"), (anchor) => board(anchor, channel, m));
    if (!inThread) tool(t("replyThread"), icon("reply"), () => go({ channel, thread: m.thread || m.ts }));
  }
  tool(t("moreActions"), icon("more"), (anchor) => menu(anchor, actions(channel, m, inThread, anchor)), 0);
  return bar;
}

function actions(channel, m, inThread, anchor) {
  if (m.ephemeral) return [{ label: t("dismiss"), run: () => dismiss(m).click() }];
  const list = [];
  if (!inThread) list.push({ label: t("replyThread"), run: () => go({ channel, thread: m.thread || m.ts }) });
  list.push({ label: t("addReaction"), run: () => board(anchor, channel, m) }, { label: t("copyLink"), run: () => copyLink(channel, m) });
  const shortcuts = store.state.shortcuts.filter((s) => s.message);
  if (shortcuts.length) list.push(null);
  for (const s of shortcuts) {
    list.push({ label: pick(s.label), hint: nameOf(store.state.bot), run: () => attempt(act({ do: "message_shortcut", channel, ts: m.ts, name: s.id })) });
  }
  if (m.user === me() && !m.app) {
    list.push(null, { label: t("edit"), run: () => edit(m) }, { label: t("deleteMessage"), danger: true, run: () => remove(channel, m) });
  }
  return list;
}

export function edit(m) {
  ui.editing = m.ts;
  emit("room");
  emit("thread");
}

async function remove(channel, m) {
  const sure = await ask({ title: t("deleteMessage"), text: t("deleteSure"), yes: t("deleteMessage"), danger: true });
  if (sure) attempt(act({ do: "delete", channel, ts: m.ts }));
}

async function copyLink(channel, m) {
  const url = new URL(location.href);
  url.hash = isDM(channel) ? `#${channel}` : m.thread ? `#${channel}/${m.thread}` : `#${channel}@${m.ts}`;
  if (await attempt(navigator.clipboard.writeText(url))) toast(t("copied"));
}
