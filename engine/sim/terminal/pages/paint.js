// Draws a laid-out scene on a canvas, in the manner of Material.

import { FONT } from "./layout.js";

const INK = "#1b1c1f";
const SOFT = "#5c5f66";
const LINE = "#c9ccd3";
const ACCENT = "#00639b";
const WRONG = "#ba1a1a";

export function paint(context, scene, screen, focusKey, width, height) {
  context.clearRect(0, 0, width, height);
  fill(context, 0, 0, width, height, "#fafbfc");
  for (const layer of ["page", "bar", "notice", "menu", "dialog"]) {
    if (layer === "dialog" && screen.dialog) fill(context, 0, 0, width, height, "#00000080");
    for (const panel of scene.panels.filter((one) => one.layer === layer)) drawPanel(context, panel);
    for (const box of scene.boxes.filter((one) => one.layer === layer)) {
      DRAWN[box.kind](context, box, box.key === focusKey);
    }
  }
}

function fill(context, x, y, w, h, colour, radius = 0) {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, y, w, h, radius);
  context.fill();
}

function ring(context, x, y, w, h, colour, radius, thick) {
  context.strokeStyle = colour;
  context.lineWidth = thick;
  context.beginPath();
  context.roundRect(x, y, w, h, radius);
  context.stroke();
}

function write(context, text, x, y, { size = 14, weight = 400, colour = INK, align = "left" } = {}) {
  context.font = `${weight} ${size}px ${FONT}`;
  context.fillStyle = colour;
  context.textAlign = align;
  context.textBaseline = "middle";
  context.fillText(text, x, y);
}

function drawPanel(context, { layer, x, y, w, h }) {
  context.save();
  context.shadowColor = "#00000030";
  context.shadowBlur = layer === "page" ? 6 : 14;
  context.shadowOffsetY = layer === "bar" ? 1 : 2;
  fill(context, x, y, w, h, "#ffffff", { bar: 0, menu: 4, dialog: 24 }[layer] ?? 12);
  context.restore();
}

function drawLines(context, { lines, x, y }, style) {
  for (const [at, line] of lines.entries()) write(context, line, x, y + 11 + at * 22, style);
}

function underline(context, { x, y, w, h }) {
  fill(context, x, y + h - 1, w, 1, "#e6e8ec");
}

const DRAWN = {
  banner: (context, { node, x, y, w, h }) => {
    fill(context, x, y, w, h, "#e3e6eb");
    write(context, node.label, x + w / 2, y + h / 2, { size: 12, colour: SOFT, align: "center" });
  },
  brand: (context, { node, x, y, h }) => write(context, node.label, x, y + h / 2, { size: 20, weight: 700, colour: ACCENT }),
  heading: (context, { lines, x, y, h }) => write(context, lines[0], x, y + h / 2, { size: 20, weight: 500 }),
  text: (context, box) => drawLines(context, box, { colour: SOFT }),
  error: (context, box) => drawLines(context, box, { colour: WRONG }),
  row: (context, box) => {
    write(context, box.node.label, box.x, box.y + box.h / 2);
    write(context, box.node.value, box.x + box.w, box.y + box.h / 2, { colour: SOFT, align: "right" });
    underline(context, box);
  },
  field: (context, { node, x, y, w, h }, focused) => {
    ring(context, x + 0.5, y + 0.5, w - 1, h - 1, focused ? ACCENT : LINE, 4, focused ? 2 : 1);
    const raised = focused || node.value !== "";
    const colour = focused ? ACCENT : SOFT;
    if (raised) {
      context.font = `12px ${FONT}`;
      fill(context, x + 10, y - 8, context.measureText(node.label).width + 8, 16, "#ffffff");
    }
    write(context, node.label, x + 14, raised ? y : y + h / 2, { size: raised ? 12 : 16, colour });
    const text = node.type === "password" ? "•".repeat(node.value.length) : node.value;
    write(context, text, x + 14, y + h / 2 + 2, { size: 16 });
    if (focused) fill(context, x + 15 + context.measureText(text).width, y + 16, 1.5, h - 30, ACCENT);
  },
  check: (context, box, focused) => {
    const { node, x, y, w, h } = box;
    if (focused) fill(context, x - 8, y, w + 16, h, "#00639b14", 8);
    const colour = node.disabled ? LINE : node.checked ? ACCENT : SOFT;
    const [left, top] = [x, y + h / 2 - 9];
    if (node.checked) fill(context, left, top, 18, 18, colour, 2);
    else ring(context, left + 1, top + 1, 16, 16, colour, 2, 2);
    if (node.checked) {
      context.strokeStyle = "#ffffff";
      context.lineWidth = 2.5;
      context.beginPath();
      context.moveTo(left + 4, top + 9);
      context.lineTo(left + 7.5, top + 13);
      context.lineTo(left + 14, top + 5);
      context.stroke();
    }
    write(context, node.label, x + 34, y + h / 2, { colour: node.disabled ? SOFT : INK });
    write(context, node.value, x + w, y + h / 2, { colour: SOFT, align: "right" });
    underline(context, box);
  },
  button: (context, { node, x, y, w, h, lines, round, layer }, focused) => {
    const radius = layer === "menu" ? 0 : h / 2;
    const [middle, centre] = [y + h / 2, x + w / 2];
    if (node.style === "item") {
      if (focused) fill(context, x, y, w, h, "#00639b14");
      write(context, lines[0], x + 16, middle);
      return;
    }
    const filled = round || node.style === "filled";
    fill(context, x, y, w, h, round ? INK : filled ? ACCENT : "#e8f1f8", radius);
    write(context, lines[0], centre, middle, { weight: 600, colour: filled ? "#ffffff" : ACCENT, align: "center" });
    if (focused) ring(context, x - 3, y - 3, w + 6, h + 6, ACCENT, radius + 3, 2);
  },
  notice: (context, { node, x, y, w, h }) => {
    fill(context, x, y, w, h, "#313033", 4);
    write(context, node.label, x + 16, y + h / 2, { colour: "#f4eff4" });
  },
};
