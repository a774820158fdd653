// The painted skin, after the web build of Flutter with its canvas renderer: the page is one canvas, and there is no
// text in it but what the semantics tree says once it was asked for.
//
// True to the original: the elements and their nesting, the placeholder, roles and labels, what a modal layer hides,
// text fields made on focus, one tap from a pointer and its click together, Tab and Enter, wheel scrolling. Left out:
// animations, selections within text, touch gestures.

import { Flow } from "./flow.js";
import { hit, layOut, reachable, wrapper } from "./layout.js";
import { paint } from "./paint.js";
import { Semantics, editor, placeholder } from "./semantics.js";

class View {
  constructor() {
    this.view = document.createElement("flutter-view");
    this.view.setAttribute("tabindex", "-1");
    this.view.style.cssText = "position: absolute; inset: 0; overflow: hidden; outline: none;";
    const glass = document.createElement("flt-glass-pane");
    const sceneHost = document.createElement("flt-scene-host");
    const scene = document.createElement("flt-scene");
    this.canvas = document.createElement("canvas");
    this.canvas.style.cssText = "position: absolute; inset: 0;";
    sceneHost.style.pointerEvents = "none";
    scene.append(this.canvas);
    sceneHost.append(scene);
    glass.attachShadow({ mode: "open" }).append(sceneHost);
    this.textHost = document.createElement("flt-text-editing-host");
    this.semanticsHost = document.createElement("flt-semantics-host");
    this.semanticsHost.style.cssText = "position: absolute; left: 0; top: 0; transform-origin: 0 0;";
    this.view.append(glass, this.textHost, this.semanticsHost);
    this.context = this.canvas.getContext("2d");
    this.scroll = 0;
    this.focusKey = null;
    this.semantics = null;
    this.screen = null;
    this.pressed = null;
    document.body.append(placeholder(() => this.#enableSemantics()), this.view);
    this.#listen();
  }

  show(screen) {
    const route = [screen.path, screen.nodes[0].label, Boolean(screen.dialog), Boolean(screen.menu)].join("|");
    const isNew = route !== this.route;
    if (screen.path !== this.screen?.path) this.scroll = 0;
    this.route = route;
    this.screen = screen;
    document.title = screen.title;
    this.#layOut();
    if (isNew || !this.#box(this.focusKey)) {
      const field = reachable(this.scene).find((box) => box.kind === "field");
      this.#setFocus(field?.key ?? null);
    }
    this.#render();
  }

  // --- drawing

  #layOut() {
    const [width, height] = [window.innerWidth, window.innerHeight];
    this.scene = layOut(this.screen, width, height, this.scroll, wrapper(this.context));
    if (this.scroll > this.scene.scrollMost) {
      this.scroll = this.scene.scrollMost;
      this.scene = layOut(this.screen, width, height, this.scroll, wrapper(this.context));
    }
  }

  #render() {
    if (!this.screen) return;
    const [width, height, ratio] = [window.innerWidth, window.innerHeight, window.devicePixelRatio];
    if (this.canvas.width !== width * ratio || this.canvas.height !== height * ratio) {
      this.canvas.width = width * ratio;
      this.canvas.height = height * ratio;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#layOut();
    paint(this.context, this.scene, this.screen, this.focusKey, width, height);
    this.semantics?.update(this.scene, this.focusKey, width, height);
    if (!this.semantics) this.#edit();
  }

  // Without semantics the focused text box is edited by an input that only takes the keys.
  #edit() {
    const box = this.#box(this.focusKey);
    const field = box?.kind === "field" ? box : null;
    const input = this.textHost.querySelector("input");
    if (input && input.dataset.key !== field?.key) {
      this.view.focus({ preventScroll: true });
      input.remove();
    }
    if (!field) return;
    if (input && input.dataset.key === field.key) {
      if (input.value !== field.node.value) input.value = field.node.value;
      return;
    }
    const made = editor(field.node, (value) => this.#change(field.key, value));
    made.dataset.key = field.key;
    made.className = "flt-text-editing transparentTextEditing";
    made.style.cssText =
      `position: absolute; left: ${field.x}px; top: ${field.y}px; width: ${field.w}px; height: ${field.h}px; ` +
      "border: 0; outline: none; background: transparent; color: transparent; caret-color: transparent; opacity: 0;";
    this.textHost.append(made);
    made.focus({ preventScroll: true });
  }

  #enableSemantics() {
    this.textHost.replaceChildren();
    this.semantics = new Semantics(this.semanticsHost, {
      focus: (key) => this.#setFocus(key) && this.#render(),
      blur: (key) => key === this.focusKey && this.#setFocus(null) && this.#renderLater(),
      change: (key, value) => this.#change(key, value),
      tap: (key) => this.#tap(this.#box(key)),
    });
    this.#render();
  }

  // An element may not be taken out of the page while it is still losing the focus.
  #renderLater() {
    requestAnimationFrame(() => this.#render());
  }

  // --- input

  #box(key) {
    return key === null ? null : reachable(this.scene).find((box) => box.key === key && box.focusable);
  }

  #setFocus(key) {
    const changed = key !== this.focusKey;
    this.focusKey = key;
    return changed;
  }

  #change(key, value) {
    this.#box(key)?.node.change(value);
    this.screen = this.flow.screen();
    this.#render();
  }

  #tap(box) {
    if (!box) return;
    this.#setFocus(box.key);
    if (box.kind !== "field") {
      this.view.focus({ preventScroll: true });
      box.node.act();
    }
    this.#render();
  }

  #listen() {
    // An element with flt-tappable takes the click; a pointer on the bare canvas takes the place under it.
    const onCanvas = (event) => !event.target.closest?.("[flt-tappable]") && event.target.tagName !== "INPUT";
    this.view.addEventListener("pointerdown", (event) => {
      this.pressed = onCanvas(event) ? hit(this.scene, event.clientX, event.clientY) : null;
      // The browser would move the focus by itself.
      if (onCanvas(event)) event.preventDefault();
    });
    this.view.addEventListener("mousedown", (event) => onCanvas(event) && event.preventDefault());
    this.view.addEventListener("pointerup", (event) => {
      if (!onCanvas(event)) return;
      const box = hit(this.scene, event.clientX, event.clientY);
      if (box && box.key === this.pressed?.key) this.#tap(box);
      else if (!box && this.scene.dismiss) this.scene.dismiss();
      else if (!box && this.#setFocus(null)) this.#render();
    });
    this.view.addEventListener("wheel", (event) => this.#scrollBy(event.deltaY), { passive: true });
    window.addEventListener("keydown", (event) => this.#key(event), true);
    window.addEventListener("resize", () => this.#render());
  }

  #scrollBy(distance) {
    if (this.scene.active !== "page") return;
    this.scroll = Math.min(Math.max(0, this.scroll + distance), this.scene.scrollMost);
    this.#render();
  }

  #key(event) {
    const box = this.#box(this.focusKey);
    if (event.key === "Tab") {
      // Nothing of ours has the focus yet: the first Tab finds the placeholder.
      if (document.activeElement === document.body) return;
      event.preventDefault();
      this.#moveFocus(event.shiftKey ? -1 : 1);
    } else if (event.key === "Enter" || (event.key === " " && box?.kind !== "field")) {
      if (!box) return;
      event.preventDefault();
      if (box.kind === "field") reachable(this.scene).find((one) => one.kind === "button" && one.layer === box.layer)?.node.act();
      else this.#tap(box);
    }
  }

  #moveFocus(step) {
    const boxes = reachable(this.scene).filter((box) => box.focusable);
    const at = boxes.findIndex((box) => box.key === this.focusKey);
    const next = at < 0 ? (step > 0 ? 0 : boxes.length - 1) : (at + step + boxes.length) % boxes.length;
    const box = boxes[next];
    if (!box) return;
    if (box.layer === "page") this.#reveal(box);
    this.#setFocus(box.key);
    this.#render();
    if (this.semantics && box.kind !== "field") this.semantics.elements.get(box.key)?.focus({ preventScroll: true });
  }

  #reveal(box) {
    if (box.y < 100) this.#scrollBy(box.y - 120);
    else if (box.y + box.h > window.innerHeight - 20) this.#scrollBy(box.y + box.h - window.innerHeight + 40);
  }
}

const view = new View();
view.flow = new Flow((screen) => view.show(screen));
view.flow.start();
