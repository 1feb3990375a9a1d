// Text in the language of the page. Imported by the compiled pages.

// The server writes the language into <html lang> before the page leaves it, and fills the
// placeholders that prerendering left in the file, so what the browser renders first is the same.
export const language = () => (document.documentElement.lang === "en" ? "en" : "es");

const onServer = typeof document === "undefined";

function fill(text, slots) {
  return slots ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? `${slots[name]}` : whole)) : text;
}

export function tr(key, es, en, slots) {
  if (onServer) return slots ? `⟦${key}?${JSON.stringify(slots)}⟧` : `⟦${key}⟧`;
  return fill(language() === "en" ? en : es, slots);
}

// One of several texts by a key that is only known when the page runs.
export function pick(key, texts, otherwise) {
  if (onServer || !key) return "";
  const found = texts[key] ?? texts[otherwise];
  return found ? found[language()] : "";
}

export function formatNumber(value) {
  return onServer ? `${value}` : new Intl.NumberFormat(language()).format(value);
}

export function countryName(code) {
  return onServer ? code : (new Intl.DisplayNames(language(), { type: "region" }).of(code) ?? code);
}

function format(iso, options) {
  if (onServer || !iso) return "";
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "";
  // A date without a time is that day everywhere; read as midnight UTC it would be the day before in America.
  const zone = iso.length === 10 ? { timeZone: "UTC" } : {};
  return new Intl.DateTimeFormat(language(), { ...options, ...zone }).format(moment);
}

export const formatTime = (iso) => format(iso, { hour: "numeric", minute: "2-digit" });
export const formatDay = (iso) => format(iso, { day: "numeric", month: "short", year: "numeric" });
export const formatShortDay = (iso) => format(iso, { day: "numeric", month: "short" });
export const formatMoment = (iso) => format(iso, { dateStyle: "medium", timeStyle: "short" });

// The time today, the weekday within a week, the date before that.
export function formatWhen(iso) {
  if (onServer || !iso) return "";
  const moment = new Date(iso);
  const age = Date.now() - moment.getTime();
  if (moment.toDateString() === new Date().toDateString()) return formatTime(iso);
  return age < 6 * 86400e3 ? format(iso, { weekday: "short" }) : formatShortDay(iso);
}

// A stable hue for an identifier, spread over the circle, warm end preferred.
export function hueOf(id) {
  let hash = 2166136261;
  for (const letter of id || "") hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  const turn = ((hash >>> 8) % 1000) / 1000;
  return Math.round(250 + turn * 150) % 360;
}

export const initialOf = (name) => [...(name || "")][0]?.toUpperCase() ?? "";
