// Elements from names and values. Foreign text goes through textContent and nowhere else.

// Return an element that every page has.
/** @template {HTMLElement} T @param {string} id @param {new () => T} kind @returns {T} */
function byId(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`This page has no ${id}. It is not whole.`);
}

const SVG = "http://www.w3.org/2000/svg";

/** @param {Element} element @param {Child[]} children */
function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child !== null && child !== undefined) element.append(child);
  }
}

/** @template {keyof HTMLElementTagNameMap} N @param {N} name @param {Props} props @param {...Child} children */
function el(name, props = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** @param {string} name @param {Record<string, string | number>} props @param {...(Node | string)} children */
function draw(name, props = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

// Isolate the text direction of foreign words.
/** @param {string} text */
const foreign = (text, props = {}) => el("bdi", { dir: "auto", ...props }, text);

/** @param {string} text */
const hidden = (text) => el("span", { class: "hidden" }, text);

/** @param {string} url @param {...Child} children */
function webLink(url, ...children) {
  let parsed = null;
  try {
    parsed = new URL(url);
  } catch {
    return el("span", {}, ...children);
  }
  if (!["http:", "https:"].includes(parsed.protocol)) return el("span", {}, ...children);
  const props = { href: parsed.href, rel: "noopener noreferrer", target: "_blank" };
  return el("a", props, ...children, hidden(" (opens in a new window)"));
}

/** @param {string} text */
function say(text) {
  byId("status", HTMLElement).textContent = text;
}

/** @param {string} id @param {string} title @param {...Child} children */
const section = (id, title, ...children) =>
  el("section", { "aria-labelledby": id }, el("h2", { id }, title), ...children);

/** @param {Child[][]} rows */
const facts = (rows) =>
  el("dl", { class: "facts" }, rows.map(([name, ...values]) => [el("dt", {}, name), el("dd", {}, ...values)]));
