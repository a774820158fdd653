// Where everything of a screen stands on the canvas: boxes with pixels, no drawing.
//
//   box   = {key, kind, node, layer, x, y, w, h, lines, focusable}
//   scene = {boxes, panels, active, scrollMost, dismiss}     active: the layer that takes input; what lies below is blocked

export const FONT = '"DejaVu Sans", system-ui, sans-serif';
export const TOP = 80; // the banner and the bar
const BANNER = 24;
const LINE = 22;

// How tall a node is for a width, with its wrapped lines.
const SIZED = {
  heading: (node, width, wrap) => ({ lines: wrap(node.label, `500 20px ${FONT}`, width), h: 44 }),
  text: (node, width, wrap) => tall(wrap(node.label, `14px ${FONT}`, width)),
  error: (node, width, wrap) => tall(wrap(node.label, `14px ${FONT}`, width)),
  row: (node) => ({ lines: [node.label], h: 46 }),
  field: (node) => ({ lines: [node.label], h: 56 }),
  check: (node) => ({ lines: [node.label], h: 52 }),
  button: (node) => ({ lines: [node.label], h: 44 }),
};

function tall(lines) {
  return { lines, h: lines.length * LINE };
}

export function wrapper(context) {
  return (text, font, width) => {
    context.font = font;
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };
}

export function layOut(screen, width, height, scroll, wrap) {
  const scene = { boxes: [], panels: [], active: "page", scrollMost: 0, dismiss: null };
  page(scene, screen, width, height, scroll, wrap);
  if (screen.bar) {
    scene.panels.push({ layer: "bar", x: 0, y: BANNER, w: width, h: TOP - BANNER });
    const avatar = { kind: "button", node: screen.bar.avatar, lines: [screen.bar.avatar.text], round: true };
    add(scene, avatar, "bar", width - 64, BANNER + 8, 40, 40);
    add(scene, { kind: "brand", node: { label: screen.bar.title } }, "bar", 24, BANNER, 200, TOP - BANNER);
  }
  add(scene, { kind: "banner", node: { label: screen.simulated } }, "bar", 0, 0, width, BANNER);
  if (screen.menu) menu(scene, screen, width);
  if (screen.dialog) dialog(scene, screen.dialog, width, height, wrap);
  if (screen.notice) {
    const w = Math.min(480, width - 32);
    add(scene, { kind: "notice", node: { label: screen.notice } }, "notice", (width - w) / 2, height - 72, w, 48);
  }
  return scene;
}

function add(scene, part, layer, x, y, w, h) {
  const { kind, node } = part;
  const focusable = ["field", "button", "check"].includes(kind) && !node.disabled;
  const key = node.id ?? `${layer}/${kind}/${node.label}`;
  scene.boxes.push({ ...part, key, layer, x, y, w, h, focusable });
}

function page(scene, screen, width, height, scroll, wrap) {
  const inside = screen.bar !== null;
  const w = Math.min(inside ? 640 : 400, width - 32);
  const x = (width - w) / 2;
  const top = (inside ? TOP : BANNER) + (inside ? 24 : 96);
  const end = stack(scene, screen.nodes, "page", x + 28, top + 24 - scroll, w - 56, wrap, !inside);
  scene.panels.push({ layer: "page", x, y: top - scroll, w, h: end - (top - scroll) + 24 });
  scene.scrollMost = Math.max(0, end + scroll + 48 - height);
}

// Nodes one below the other; buttons of one row beside each other, or each as wide as the card. Returns the lower end.
function stack(scene, nodes, layer, x, y, w, wrap, wide) {
  let left = x;
  for (const [at, node] of nodes.entries()) {
    const { lines, h } = SIZED[node.kind](node, w, wrap);
    const isButton = node.kind === "button";
    const follows = isButton && !wide && nodes[at - 1]?.kind === "button";
    if (follows) y -= h + 14;
    else left = x;
    const bw = isButton && !wide ? Math.max(110, node.label.length * 9 + 48) : w;
    if (isButton && !follows) y += 10;
    add(scene, { kind: node.kind, node, lines }, layer, left, y, bw, h);
    left += bw + 12;
    y += h + (["row", "check"].includes(node.kind) ? 0 : 14);
  }
  return y;
}

function menu(scene, screen, width) {
  const items = screen.menu;
  const [x, y, w] = [width - 24 - 210, TOP + 4, 210];
  scene.panels.push({ layer: "menu", x, y, w, h: items.length * 48 + 16 });
  for (const [at, node] of items.entries()) add(scene, { kind: "button", node, lines: [node.label] }, "menu", x, y + 8 + at * 48, w, 48);
  scene.active = "menu";
  scene.dismiss = screen.dismissMenu;
}

function dialog(scene, given, width, height, wrap) {
  const w = Math.min(480, width - 32);
  const x = (width - w) / 2;
  const title = { kind: "heading", label: given.title };
  const first = scene.boxes.length;
  const end = stack(scene, [title, ...given.nodes], "dialog", x + 24, 0, w - 48, wrap, true);
  const h = end + 24 + 10 + 44 + 24;
  const y = (height - h) / 2;
  for (const box of scene.boxes.slice(first)) box.y += y + 24;
  let right = x + w - 24;
  const placed = [];
  for (const node of given.buttons.toReversed()) {
    const bw = Math.max(100, node.label.length * 9 + 40);
    right -= bw;
    placed.unshift([node, right, bw]);
    right -= 8;
  }
  for (const [node, bx, bw] of placed) add(scene, { kind: "button", node, lines: [node.label] }, "dialog", bx, y + h - 68, bw, 44);
  scene.panels.push({ layer: "dialog", x, y, w, h, title: given.title });
  scene.active = "dialog";
  scene.dismiss = null;
}

// The boxes that take input and are spoken of, in the order of the Tab key: those of the topmost layer, or of the bar and
// the page when nothing lies above.
export function reachable(scene) {
  const layers = scene.active === "page" ? ["bar", "page", "notice"] : [scene.active, "notice"];
  return layers.flatMap((layer) => scene.boxes.filter((box) => box.layer === layer));
}

export function hit(scene, x, y) {
  const under = (box) => x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;
  const shown = (box) => box.layer !== "page" || y >= TOP || !scene.panels.some((panel) => panel.layer === "bar");
  return reachable(scene).findLast((box) => box.focusable && under(box) && shown(box)) ?? null;
}
