// Starts the page: as whom and where the address says.
import "./sidebar.js";
import "./strip.js";
import "./room.js";
import "./threadpane.js";
import "./modal.js";
import { settle } from "./i18n.js";
import { become, go, on, placeOf, store } from "./store.js";
import { toast } from "./toast.js";

settle("", "");
on("state", () => {
  const { title, rooms, dm } = store.state;
  const naming = [...rooms, dm].reduce((n, r) => n + r.mentions, 0);
  document.title = naming ? `(${naming}) ${title}` : title;
});
on("link", (up) => document.body.classList.toggle("offline", !up));

try {
  const as = new URLSearchParams(location.search).get("as") ?? "";
  await become(as, null, location.hash).catch(() => become("", null, location.hash));
} catch (e) {
  toast(e.message, true);
}
addEventListener("hashchange", () => {
  const place = placeOf(location.hash);
  if (place) go(place);
});
