// Emoji by their names in Slack; a name that is not here is shown between colons.
const table = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌",
  raised_hands: "🙌", clap: "👏", pray: "🙏", ok_hand: "👌", wave: "👋", muscle: "💪", point_up: "☝️", point_right: "👉",
  smile: "😄", grinning: "😀", joy: "😂", slightly_smiling_face: "🙂", wink: "😉", sob: "😭", cry: "😢", thinking_face: "🤔",
  sweat_smile: "😅", heart_eyes: "😍", rage: "😡", sunglasses: "😎", heart: "❤️", tada: "🎉", fire: "🔥", rocket: "🚀",
  star: "⭐", sparkles: "✨", bulb: "💡", zap: "⚡", warning: "⚠️", rotating_light: "🚨", bell: "🔔", no_bell: "🔕", exclamation: "❗",
  question: "❓", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", watch: "⌚", calendar: "📅",
  date: "📅", ticket: "🎫", admission_tickets: "🎟️", package: "📦", truck: "🚚", house: "🏠", shopping_trolley: "🛒", moneybag: "💰",
  money_with_wings: "💸", yuan: "💴", credit_card: "💳", receipt: "🧾", memo: "📝", pencil2: "✏️", clipboard: "📋", pushpin: "📌",
  link: "🔗", lock: "🔒", unlock: "🔓", mag: "🔍", speech_balloon: "💬", telephone_receiver: "📞", email: "📧", inbox_tray: "📥",
  outbox_tray: "📤", chart_with_upwards_trend: "📈", bar_chart: "📊", red_circle: "🔴", large_yellow_circle: "🟡",
  large_green_circle: "🟢", large_blue_circle: "🔵", white_circle: "⚪", black_circle: "⚫", arrow_right: "➡️", arrow_up: "⬆️",
  arrow_down: "⬇️", arrows_counterclockwise: "🔄", recycle: "♻️", no_entry: "⛔", no_entry_sign: "🚫", sos: "🆘", new: "🆕", ok: "🆗",
  one: "1️⃣", two: "2️⃣", three: "3️⃣", robot_face: "🤖", coffee: "☕", sunny: "☀️", crescent_moon: "🌙", cn: "🇨🇳", gift: "🎁",
};

// frequent are offered first.
export const frequent = [
  "+1", "eyes", "white_check_mark", "raised_hands", "pray", "heart", "tada", "joy", "thinking_face", "hourglass_flowing_sand",
  "ticket", "package", "truck", "warning", "rotating_light", "bell", "x", "ok_hand", "clap", "wave", "fire", "rocket", "bulb", "100",
].filter((name) => table[name]);

export const emoji = (name) => table[name.split("::")[0]] ?? `:${name}:`;
export const knows = (name) => name in table;
export const emojiNames = Object.keys(table);

// withEmoji turns :names: in a text into emoji.
export const withEmoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (all, name) => table[name] ?? all);
