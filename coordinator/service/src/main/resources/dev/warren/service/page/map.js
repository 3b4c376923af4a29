// The whole batch as a raster: a cell is one call or several neighbours, and shows the worst state
// among them. Only blocks that changed are drawn again.
import { html, useLayoutEffect, useRef, useState } from './dom.js';
import { rgb, usePalette, useWidth } from './palette.js';
import { Panel } from './parts.js';
import { count, plural } from './format.js';
import { setQuery } from './route.js';

const STATES = { k: ['ok', 'ok-soft'], f: ['failed', 'bad'], c: ['cancelled', 'cancelled'], r: ['running', 'busy'], q: ['queued', 'queued'], u: ['unread', 'unread'] };
const MAX_CELL = 14;

/** Run-length text of a block, as letters: "k3fr2" is k, k, k, f, r, r. */
export function decode(text) {
  let letters = '';
  for (const [, letter, times] of text.matchAll(/([a-z])(\d*)/g)) letters += letter.repeat(times ? Number(times) : 1);
  return letters;
}

/** Size of a cell and number of columns, for a map that is neither tiny nor endless. */
function layoutOf(cells, width) {
  const tallest = width < 620 ? 300 : 320;
  let size = MAX_CELL;
  while (size > 1 && Math.ceil(cells / Math.floor(width / size)) * size > tallest) size -= size > 6 ? 1 : 0.5;
  const columns = Math.max(1, Math.floor(width / size));
  return { size, columns, rows: Math.max(1, Math.ceil(cells / columns)) };
}

export function BatchMap({ map, blocks }) {
  const place = useRef(null);
  const canvas = useRef(null);
  const drawn = useRef({ texts: new Map(), letters: [] }).current;
  const width = useWidth(place);
  const palette = usePalette();
  const [focus, setFocus] = useState(null);
  const layout = width ? layoutOf(map.cells, width) : null;
  const height = layout ? Math.ceil(layout.rows * layout.size) : 120;

  useLayoutEffect(() => {
    if (!layout) return;
    const key = `${layout.size} ${layout.columns} ${map.cells} ${palette.busy} ${devicePixelRatio}`;
    const context = contextOf(canvas.current, width, height, drawn.key !== key);
    if (drawn.key !== key) Object.assign(drawn, { key, texts: new Map() });
    for (const [number, text] of blocks) {
      if (drawn.texts.get(number) === text) continue;
      drawn.texts.set(number, text);
      drawn.letters[number] = decode(text);
      paintBlock(context, drawn.letters[number], Number(number) * map.blockCells, layout, palette);
    }
  });

  const at = (cell) => (cell >= 0 && cell < map.cells ? cell : null);
  const under = (event) => {
    const box = canvas.current.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / layout.size);
    return column < layout.columns ? at(Math.floor((event.clientY - box.top) / layout.size) * layout.columns + column) : null;
  };
  const letterOf = (cell) => drawn.letters[Math.floor(cell / map.blockCells)]?.[cell % map.blockCells] || 'u';
  const open = (cell) => cell != null && setQuery({ from: cell * map.callsPerCell, only: letterOf(cell) === 'f' ? 'failed' : null });
  const onKeyDown = (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -layout.columns, ArrowDown: layout.columns }[event.key];
    if (step) { event.preventDefault(); setFocus((cell) => at((cell ?? 0) + (cell == null ? 0 : step)) ?? cell); }
    if (event.key === 'Enter') open(focus);
    if (event.key === 'f') setFocus(nextFailed(drawn.letters, map, focus) ?? focus);
  };
  const note = focus != null ? `${cellText(focus, map)}: ${STATES[letterOf(focus)][0]}` : map.callsPerCell > 1 ? `a cell is ${plural(map.callsPerCell, 'call')} and shows the worst of them` : 'a cell is one call';
  return html`<${Panel} title="Map of the batch" note=${html`<span aria-live="polite">${note}</span>`} kind="fixed">
    <div class="map" ref=${place} style=${{ height: `${height}px` }} tabindex="0" role="application" onKeyDown=${onKeyDown} onBlur=${() => setFocus(null)}
        aria-label="Map of the batch. Arrow keys move, f goes to the next failed call, Enter lists the calls.">
      <canvas ref=${canvas} onMouseMove=${(event) => setFocus(under(event))} onMouseLeave=${() => setFocus(null)} onClick=${(event) => open(under(event))}></canvas>
      ${focus != null && layout && html`<i class="map-focus" style=${mark(focus, layout)}></i>`}</div>
    <ul class="legend">${Object.values(STATES).map(([name]) => html`<li key=${name}><i class=${'key ' + (name === 'ok' ? 'key-ok-soft' : 'seg-' + name)} aria-hidden="true"></i>${name}</li>`)}</ul><//>`;
}

function cellText(cell, map) {
  const first = cell * map.callsPerCell;
  const last = Math.min(map.calls, first + map.callsPerCell) - 1;
  return first === last ? `call ${count(first)}` : `calls ${count(first)} to ${count(last)}`;
}

const mark = (cell, { size, columns }) => ({
  transform: `translate(${(cell % columns) * size}px, ${Math.floor(cell / columns) * size}px)`, width: `${size}px`, height: `${size}px`,
});

function contextOf(canvas, width, height, clear) {
  const ratio = devicePixelRatio || 1;
  if (clear) { // setting the size clears it
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Draws runs of equal cells at once; failed ones last and at least two pixels large, to be seen. */
function paintBlock(context, letters, first, layout, palette) {
  const { size, columns } = layout;
  const gap = size >= 6 ? 1 : 0;
  const failed = [];
  for (let i = 0; i < letters.length;) {
    const letter = letters[i];
    const column = (first + i) % columns;
    let run = 1;
    while (!gap && i + run < letters.length && letters[i + run] === letter && column + run < columns) run++;
    if (letter === 'f') failed.push([column, Math.floor((first + i) / columns), run]);
    context.fillStyle = `rgb(${rgb(palette[STATES[letter]?.[1] || 'unread'])})`;
    context.fillRect(column * size, Math.floor((first + i) / columns) * size, run * size - gap, size - gap);
    i += run;
  }
  context.fillStyle = palette.bad;
  for (const [column, row, run] of failed) context.fillRect(column * size, row * size, Math.max(2, run * size - gap), Math.max(2, size - gap));
}

function nextFailed(letters, map, from) {
  for (let step = 1; step <= map.cells; step++) {
    const cell = ((from ?? -1) + step) % map.cells;
    if (letters[Math.floor(cell / map.blockCells)]?.[cell % map.blockCells] === 'f') return cell;
  }
  return null;
}
