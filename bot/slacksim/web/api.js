// Talks to the server as one person.
import { t } from "./i18n.js";

let as = "";

export function actAs(id) {
  as = id;
}

export class Refused extends Error {
  constructor(word, detail) {
    super(sentence(word, detail));
    this.word = word;
  }
}

const sentences = {
  no_answer: "errNoAnswer", no_connection: "errNoConnection", not_in_channel: "errNotIn", no_element: "errNoElement",
  not_found: "errNotFound", closed: "errClosed", busy: "errBusy", bad_value: "errBadValue", network: "errNetwork",
};

function sentence(word, detail) {
  return sentences[word] ? t(sentences[word]) : t("errFailed", detail || word);
}

async function call(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused("network");
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok || body.error) throw new Refused(body.error ?? "failed", body.detail);
  return body;
}

export const get = (what, params) => call(`/web/${what}?${new URLSearchParams({ as, ...params })}`);

// act does something as the person; what it resolves to depends on body.do.
export const act = (body) =>
  call(`/web/act?as=${encodeURIComponent(as)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

// stream calls handlers {parts, clock, down, up}; the browser reconnects by itself. It returns a function that ends it.
export function stream(handlers) {
  const source = new EventSource(`/web/stream?as=${encodeURIComponent(as)}`);
  source.addEventListener("parts", (e) => handlers.parts(JSON.parse(e.data)));
  source.addEventListener("clock", (e) => handlers.clock(JSON.parse(e.data)));
  source.addEventListener("open", () => handlers.up());
  source.addEventListener("error", () => handlers.down());
  return () => source.close();
}
