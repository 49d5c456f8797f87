// Elements from names and values. Foreign text goes through textContent and nowhere else.

const SVG = "http://www.w3.org/2000/svg";

function el(name, props = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "class") element.className = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

function draw(name, props = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Foreign words keep their direction to themselves.
const foreign = (text, props = {}) => el("bdi", { dir: "auto", ...props }, text);

const hidden = (text) => el("span", { class: "hidden" }, text);

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

function say(text) {
  document.getElementById("status").textContent = text;
}

const section = (id, title, ...children) =>
  el("section", { "aria-labelledby": id }, el("h2", { id }, title), ...children);

const facts = (rows) =>
  el("dl", { class: "facts" }, rows.map(([name, ...told]) => [el("dt", {}, name), el("dd", {}, ...told)]));
