// The plain skin: a screen as ordinary HTML, with forms, labels and a dialog.

import { Flow } from "./flow.js";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function button(node, type = "button") {
  const attributes = { id: node.id, type, class: node.style, "aria-label": node.text ? node.label : undefined };
  // A form's first button is pressed by submitting it.
  if (type === "button") attributes.click = node.act;
  return element("button", attributes, node.text ?? node.label);
}

const DRAWN = {
  heading: (node, first) => element(first ? "h1" : "h2", {}, node.label),
  text: (node) => element("p", {}, node.label),
  error: (node) => element("p", { role: "alert" }, node.label),
  row: (node) => element("div", { class: "row" }, element("span", {}, node.label), element("span", {}, node.value)),
  field: (node) => {
    const change = (event) => node.change(event.target.value);
    const input = element("input", { id: node.id, name: node.id, type: node.type, autocomplete: "off", input: change });
    input.value = node.value;
    return element("label", { class: "field" }, node.label, input);
  },
  check: (node) => {
    const { id, checked, disabled, act } = node;
    const input = element("input", { id, type: "checkbox", checked, disabled, change: act });
    return element("div", { class: "check" }, input, element("label", { for: id }, node.label), element("span", {}, node.value));
  },
};

function draw(screen) {
  document.title = screen.title;
  const focused = document.activeElement?.id;
  const buttons = screen.nodes.filter((node) => node.kind === "button");
  const content = screen.nodes.filter((node) => node.kind !== "button").map((node, at) => DRAWN[node.kind](node, at === 0));
  const submit = (event) => {
    event.preventDefault();
    buttons[0]?.act();
  };
  const isForm = screen.nodes.some((node) => node.kind === "field");
  const row = element("div", { class: "buttons" }, ...buttons.map((node, at) => button(node, isForm && at === 0 ? "submit" : "button")));
  const main = element("main", screen.bar ? {} : { class: "sign-in" }, isForm ? element("form", { submit }, ...content, row) : "");
  if (!isForm) main.replaceChildren(...content, row);
  document.body.replaceChildren(
    element("p", { class: "simulated" }, screen.simulated),
    ...(screen.bar ? [element("header", {}, element("strong", {}, screen.bar.title), button(screen.bar.avatar))] : []),
    ...(screen.menu ? [element("nav", {}, ...screen.menu.map((node) => button(node)))] : []),
    main,
    element("p", { role: "status" }, screen.notice),
  );
  const kept = focused && document.getElementById(focused);
  (kept || document.querySelector("main input"))?.focus();
  if (screen.dialog) openDialog(screen.dialog);
}

function openDialog({ title, nodes, buttons }) {
  const dialog = element(
    "dialog",
    { "aria-label": title, cancel: (event) => event.preventDefault() },
    element("h1", {}, title),
    ...nodes.map((node) => DRAWN[node.kind](node)),
    element("div", { class: "buttons" }, ...buttons.map((node) => button(node))),
  );
  document.body.append(dialog);
  dialog.showModal();
}

new Flow(draw).start();
