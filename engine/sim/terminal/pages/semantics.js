// The semantics tree: what a canvas says to assistive technology, once somebody asked for it.
//
// At first there is one button of one pixel outside the window, "Enable accessibility". An event on it, and 300 ms
// later every control is an element with a role, invisible above its picture, its label as text. A text box becomes an
// <input> when it gets the focus and stops being one when it loses it.

import { reachable } from "./layout.js";

const WAKING = ["click", "keyup", "keydown", "mouseup", "mousedown", "pointerdown", "pointerup"];
const DEBOUNCE = 300;

export function placeholder(enable) {
  const made = document.createElement("flt-semantics-placeholder");
  const attributes = { role: "button", "aria-live": "polite", tabindex: "0", "aria-label": "Enable accessibility" };
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  Object.assign(made.style, { position: "absolute", left: "-1px", top: "-1px", width: "1px", height: "1px" });
  let asked = false;
  let on = false;
  const hear = (event) => {
    // The placeholder goes at the next event of any kind, not at once.
    if (on) {
      made.remove();
      for (const name of WAKING) window.removeEventListener(name, hear, true);
    } else if (!asked && event.target === made) {
      asked = true;
      setTimeout(() => {
        on = true;
        enable();
      }, DEBOUNCE);
    }
  };
  for (const name of WAKING) window.addEventListener(name, hear, true);
  return made;
}

export class Semantics {
  // focus, change: told of what happens to a box, by its key.
  constructor(host, { focus, blur, change, tap }) {
    this.host = host;
    this.on = { focus, blur, change, tap };
    this.elements = new Map();
    this.count = 0;
    this.root = null;
  }

  update(scene, focusKey, width, height) {
    this.root ??= this.#root();
    Object.assign(this.root.style, { width: `${width}px`, height: `${height}px` });
    const boxes = reachable(scene).filter((box) => box.kind !== "banner" && box.kind !== "brand");
    const parent = this.#parent(scene);
    const kept = new Set(boxes.map((box) => box.key));
    for (const [key, element] of this.elements) {
      if (kept.has(key) && element.parentNode === parent.element) continue;
      element.remove();
      this.elements.delete(key);
    }
    for (const [at, box] of boxes.entries()) {
      const element = this.elements.get(box.key) ?? this.#made(box);
      // One that is moved between press and release would never be clicked.
      if (parent.element.children[at] !== element) parent.element.insertBefore(element, parent.element.children[at] ?? null);
      place(element, box, parent);
      this.#describe(element, box, box.key === focusKey);
    }
  }

  #root() {
    const root = document.createElement("flt-semantics");
    root.id = `flt-semantic-node-${this.count++}`;
    root.style.cssText = "position: absolute; overflow: visible; pointer-events: none; filter: opacity(0%); color: rgba(0, 0, 0, 0);";
    this.host.append(root);
    return root;
  }

  // What is modal hangs in an element of its own; everything else is gone from the tree meanwhile.
  #parent(scene) {
    const panel = scene.panels.find((one) => one.layer === scene.active && one.layer !== "page");
    if (this.modal?.key !== panel?.layer) {
      this.modal?.element.remove();
      this.modal = null;
    }
    if (!panel) return { element: this.root, x: 0, y: 0 };
    if (!this.modal) {
      const element = document.createElement("flt-semantics");
      element.id = `flt-semantic-node-${this.count++}`;
      element.setAttribute("role", panel.layer === "dialog" ? "alertdialog" : "menu");
      element.style.position = "absolute";
      this.root.append(element);
      this.modal = { key: panel.layer, element };
    }
    this.modal.element.setAttribute("aria-label", panel.title ?? "Popup menu");
    place(this.modal.element, panel, { x: 0, y: 0 });
    return { element: this.modal.element, x: panel.x, y: panel.y };
  }

  #made(box) {
    const element = document.createElement("flt-semantics");
    element.id = `flt-semantic-node-${this.count++}`;
    element.style.cssText = "position: absolute; overflow: visible;";
    element.addEventListener("click", () => this.on.tap(box.key));
    element.addEventListener("focus", () => this.on.focus(box.key));
    this.elements.set(box.key, element);
    return element;
  }

  #describe(element, box, focused) {
    const { kind, node } = box;
    const attributes = { "aria-label": null, "aria-disabled": node.disabled ? "true" : null };
    let text = node.label;
    if (kind === "button") attributes.role = node.style === "item" ? "menuitem" : "button";
    if (kind === "heading") attributes.role = "heading";
    if (kind === "row") text = `${node.label}\n${node.value}`;
    if (kind === "check") {
      text = "";
      Object.assign(attributes, { role: "checkbox", "aria-checked": String(node.checked) });
      attributes["aria-label"] = `${node.label}\n${node.value}`;
    }
    if (kind === "error" || kind === "notice") attributes["aria-live"] = "polite";
    attributes.tabindex = box.focusable ? "0" : null;
    attributes["flt-tappable"] = box.focusable ? "" : null;
    element.style.pointerEvents = box.focusable ? "all" : "none";
    if (kind === "field") {
      this.#describeField(element, box, focused);
      return;
    }
    setAttributes(element, attributes);
    if (element.textContent !== text) element.textContent = text;
  }

  #describeField(element, box, focused) {
    const { node } = box;
    const input = element.querySelector("input");
    if (!focused) {
      setAttributes(element, { role: "textbox", "aria-label": node.label, tabindex: "0", "flt-tappable": "" });
      element.textContent = node.type === "password" ? "•".repeat(node.value.length) : node.value;
      return;
    }
    setAttributes(element, { role: null, "aria-label": null, tabindex: null, "flt-tappable": "" });
    if (input) {
      if (input.value !== node.value) input.value = node.value;
      return;
    }
    const made = editor(node, (value) => this.on.change(box.key, value));
    made.setAttribute("data-semantics-role", "text-field");
    made.addEventListener("blur", () => this.on.blur(box.key));
    made.style.cssText = `position: absolute; top: 0; left: 0; width: ${box.w}px; height: ${box.h}px;`;
    element.replaceChildren(made);
    made.focus({ preventScroll: true });
  }
}

// The element that takes the keys for a text box.
export function editor(node, change) {
  const input = document.createElement("input");
  input.type = node.type;
  input.value = node.value;
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("aria-label", node.label);
  input.addEventListener("input", () => change(input.value));
  return input;
}

function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

function place(element, box, parent) {
  element.style.width = `${box.w}px`;
  element.style.height = `${box.h}px`;
  element.style.transform = `matrix(1, 0, 0, 1, ${box.x - parent.x}, ${box.y - parent.y})`;
}
