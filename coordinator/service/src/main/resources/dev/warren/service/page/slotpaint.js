// Draws slots on a canvas. A cell says with its colour and pattern what the slot does, with the
// height of its fill how many calls its child has done of those it may do, and with the line at its
// lower edge how much memory it uses of its limit.
import { prepare } from './palette.js';

/** Bytes per slot, as the coordinator packs them. */
const SIZE = 6;
/** How long a child's end is highlighted. */
export const FLASH_MS = 1400;
const GAP = 3;
const MIN_CELL = 11;
/** Height of a line of cells, of a cell in it, and of the line for memory below the cell. */
export const LINE = 31;
const BODY = 21;
const MEMORY = 3;

/** The slots of a worker: state, calls, memory, end, ends and running of each. */
export function unpack(cells) {
  const text = atob(cells || '');
  return Array.from({ length: Math.floor(text.length / SIZE) }, (_, slot) => {
    const byte = (i) => text.charCodeAt(slot * SIZE + i);
    return {
      state: byte(0), calls: byte(1), memory: byte(2), end: byte(3), ends: byte(4),
      runningMillis: byte(5) ? 2 ** (byte(5) / 8) - 1 : null,
    };
  });
}

/** How many cells fit on a line of this width, and how wide each is. */
export function grid(width, slots) {
  const perLine = Math.max(1, Math.min(slots, Math.floor((width + GAP) / (MIN_CELL + GAP))));
  return { perLine, cell: Math.min(46, Math.floor((width + GAP) / perLine) - GAP) };
}

export const lines = (slots, perLine) => Math.max(1, Math.ceil(slots / perLine));

/** Where a cell is; the line for its memory is below it. */
export const position = (slot, { perLine, cell }) => ({
  x: (slot % perLine) * (cell + GAP), y: Math.floor(slot / perLine) * LINE, width: cell, height: BODY,
});

/** The slot at a point, or -1. */
export function slotAt(x, y, layout, slots) {
  const column = Math.floor(x / (layout.cell + GAP));
  const slot = Math.floor(y / LINE) * layout.perLine + column;
  return column < layout.perLine && slot >= 0 && slot < slots ? slot : -1;
}

const COLOURS = { busy: 'busy', idle: 'idle', starting: 'warn', initializing: 'warn', leaving: 'leave' };
/** Reasons that a cell has room for. */
const SHORT = {
  memory: 'mem', 'memory limit': 'mem', 'memory before calls': 'mem', 'time limit': 'time', 'broken class path': 'code', requested: 'asked',
  'other settings': 'other', 'initializer failed': 'init', 'link broken': 'link', 'link closed': 'link', 'not started': 'start', 'not left': 'stuck',
  'worker stops': 'stop', cancelled: 'stop',
};
const FONT = 'Inter, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
const BAD_ENDS = [
  'lost', 'time limit', 'memory limit', 'memory before calls', 'initializer failed', 'link broken', 'not started',
];
export const isBadEnd = (reason) => BAD_ENDS.includes(reason);

/**
 * Draws a worker's row.
 *
 * @param row {slots, limited, flashes: Map from slot to {since, reason}}
 * @param view {layout, width, palette, legend, focus: slot or -1, now, calm}
 */
export function paintCells(canvas, row, view) {
  const { layout } = view;
  const context = prepare(canvas, view.width, lines(row.slots.length, layout.perLine) * LINE - GAP);
  context.translate(0, 1);
  row.slots.forEach((slot, i) => {
    const box = position(i, layout);
    context.globalAlpha = 1;
    paintCell(context, box, slot, view.legend.states[slot.state], row.limited, view.palette);
    const flash = row.flashes.get(i);
    if (flash) paintFlash(context, box, flash, view);
    if (view.focus === i) outline(context, { ...box, height: BODY + MEMORY + 2 }, view.palette.focus, 2.5);
  });
}

function paintCell(context, box, slot, state, limited, palette) {
  const colour = palette[COLOURS[state]];
  const radius = Math.min(4, box.width / 4);
  if (!colour) { // an empty slot: only its place
    context.setLineDash([2, 3]);
    outline(context, box, palette.muted, 1);
    context.setLineDash([]);
    return;
  }
  context.save();
  shape(context, box, radius);
  context.clip();
  context.fillStyle = palette.track;
  context.fillRect(box.x, box.y, box.width, box.height);
  context.fillStyle = colour;
  context.globalAlpha = state === 'busy' ? 0.24 : 0.12;
  context.fillRect(box.x, box.y, box.width, box.height);
  context.globalAlpha = state === 'idle' || slot.assumed ? 0.5 : 1;
  const filled = box.height * (limited ? Math.max(0.08, slot.calls / 255) : 1);
  if (state === 'starting' || state === 'initializing') hatch(context, box, colour, state === 'starting' ? 1 : -1);
  else context.fillRect(box.x, box.y + box.height - filled, box.width, filled);
  if (state === 'leaving') { context.globalAlpha = 0.9; hatch(context, box, palette.surface, 1); }
  context.restore();
  if (slot.memory) paintMemory(context, box, slot.memory / 255, palette);
}

function paintMemory(context, box, share, palette) {
  const y = box.y + box.height + 2;
  context.fillStyle = palette.track;
  context.fillRect(box.x, y, box.width, MEMORY);
  context.fillStyle = share > 0.9 ? palette.bad : share > 0.75 ? palette.warn : palette.idle;
  context.fillRect(box.x, y, Math.max(2, box.width * share), MEMORY);
}

function hatch(context, box, colour, direction) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (let x = -box.height; x < box.width + box.height; x += 6) {
    context.moveTo(box.x + x, box.y + (direction > 0 ? box.height : 0));
    context.lineTo(box.x + x + box.height, box.y + (direction > 0 ? 0 : box.height));
  }
  context.stroke();
}

/** A child ended here: the reason covers the cell and fades. */
function paintFlash(context, box, flash, view) {
  const left = 1 - (view.now - flash.since) / FLASH_MS;
  if (left <= 0) return;
  const bad = isBadEnd(flash.reason);
  context.globalAlpha = view.calm ? 1 : Math.min(1, left * 1.6);
  shape(context, box, Math.min(4, box.width / 4));
  context.fillStyle = bad ? view.palette.bad : view.palette.surface;
  context.fill();
  outline(context, box, bad ? view.palette.bad : view.palette.muted, 1.5);
  const word = SHORT[flash.reason] || flash.reason;
  if (box.width >= 30) {
    context.fillStyle = bad ? view.palette.surface : view.palette.text;
    context.font = `600 11px ${FONT}`;
    context.textAlign = 'center';
    context.fillText(word, box.x + box.width / 2, box.y + box.height / 2 + 4, box.width - 3);
  }
  context.globalAlpha = 1;
}

function outline(context, box, colour, width) {
  shape(context, box, Math.min(4, box.width / 4), width / 2);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

function shape(context, { x, y, width, height }, radius, inset = 0) {
  context.beginPath();
  context.roundRect(x + inset, y + inset, width - 2 * inset, height - 2 * inset, radius);
}

/** Draws a worker as one strip: the share of its slots in each state, worst state first. */
export function paintStrip(canvas, row, view) {
  const height = 14;
  const context = prepare(canvas, view.width, height);
  const counts = view.legend.states.map((_, state) => row.slots.filter((slot) => slot.state === state).length);
  const all = row.slots.length || 1;
  let x = 0;
  const order = ['busy', 'idle', 'initializing', 'starting', 'leaving', 'empty'];
  for (const name of order) {
    const width = (view.width * (counts[view.legend.states.indexOf(name)] || 0)) / all;
    if (!width) continue;
    const box = { x, y: 0, width: Math.max(1, width - 1), height };
    context.fillStyle = view.palette[COLOURS[name]] || view.palette.track;
    if (name === 'starting' || name === 'initializing') {
      context.save();
      shape(context, box, 2);
      context.clip();
      hatch(context, box, view.palette.warn, 1);
      context.restore();
    } else {
      context.globalAlpha = name === 'idle' ? 0.45 : 1;
      context.fillRect(box.x, box.y, box.width, box.height);
      context.globalAlpha = 1;
    }
    x += width;
  }
  if ([...row.flashes.values()].some((flash) => isBadEnd(flash.reason))) {
    outline(context, { x: 0, y: 0, width: view.width, height }, view.palette.bad, 3);
  }
  if (view.focus >= 0) outline(context, { x: 0, y: 0, width: view.width, height }, view.palette.focus, 3);
}
