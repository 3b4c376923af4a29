// All slots of the pool: a row per worker, the most troubled first. Only rows that changed are
// drawn again. Rows move by a transform, so that nothing else on the page moves with them.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from './dom.js';
import { calm, usePalette, useWidth } from './palette.js';
import { FLASH_MS, LINE, grid, lines, paintCells, paintStrip, position, slotAt, unpack } from './slotpaint.js';
import { bytes, count, millis, plural } from './format.js';
import { setQuery } from './route.js';

/** Time between two steps of a fading cell. */
const FADE_STEP_MS = 70;
/** With more workers than this, each is one strip. */
export const MAX_ROWS = 64;

export function SlotBoard({ workers, legend, selected }) {
  const board = useRef(null);
  const palette = usePalette();
  const width = Math.max(0, useWidth(board) - 16); // the focus ring has 8 pixels on each side
  const rows = useRef(new Map()).current;
  const [focus, setFocus] = useState(null); // {id, slot}
  const strips = workers.length > MAX_ROWS;
  const narrow = width < 620;
  const canvasWidth = Math.max(40, strips ? stripWidth(width) : narrow ? width : width - 324);
  const most = Math.max(1, ...workers.map((worker) => worker.slots));
  const layout = useMemo(() => grid(canvasWidth, most), [canvasWidth, most]);
  const places = place(workers, layout, { strips, narrow, width });

  useLayoutEffect(() => {
    if (!width) return;
    update(rows, workers, legend);
    const view = { layout, width: canvasWidth, palette, legend, now: performance.now(), calm: calm.matches };
    const paint = strips ? paintStrip : paintCells;
    for (const row of rows.values()) {
      const mine = focus?.id === row.worker.id ? focus.slot : selected?.id === row.worker.id ? selected.slot : -1;
      if (row.canvas && (row.dirty || row.view !== view.layout || row.palette !== palette || row.focus !== mine)) {
        paint(row.canvas, row, { ...view, focus: mine });
        Object.assign(row, { dirty: false, view: view.layout, palette, focus: mine });
      }
    }
  });
  useFlashes(rows, (row) => (strips ? paintStrip : paintCells)(row.canvas, row,
    { layout, width: canvasWidth, palette, legend, focus: row.focus ?? -1, now: performance.now(), calm: calm.matches }), workers);

  const open = (place) => place && setQuery({ slot: `${place.id}:${place.slot}` });
  const onKeyDown = (event) => {
    const next = moved(event.key, focus, workers, layout, strips);
    if (next) { event.preventDefault(); setFocus(next); }
    if (event.key === 'Enter' && focus) open(focus);
    if (event.key === 'Escape') setFocus(null);
  };
  const under = (event, id) => {
    const row = rows.get(id);
    const box = event.currentTarget.getBoundingClientRect();
    return { id, slot: strips ? 0 : slotAt(event.clientX - box.left, event.clientY - box.top, layout, row?.slots.length || 0) };
  };
  const shown = focus && rows.get(focus.id)?.slots[focus.slot] && workers.find((worker) => worker.id === focus.id);
  return html`<div class=${'board' + (strips ? ' strips' : '')} ref=${board} tabindex="0" role="application"
      aria-label=${`Slots of ${plural(workers.length, 'worker')}. Arrow keys move between slots, Enter opens one.`} aria-describedby="slot-readout"
      style=${{ height: `${places.height}px` }} onKeyDown=${onKeyDown}
      onFocus=${() => board.current.matches(':focus-visible') && !focus && workers[0] && setFocus({ id: workers[0].id, slot: 0 })} onBlur=${() => setFocus(null)}>
    ${width > 0 && [...workers].sort((a, b) => (a.id < b.id ? -1 : 1)).map((worker) => html`
      <${Row} key=${worker.id} worker=${worker} place=${places.of.get(worker.id)} strips=${strips}
        canvasRef=${(canvas) => attach(rows, worker, canvas)}
        onMove=${(event) => { const at = under(event, worker.id); setFocus(at.slot < 0 ? null : at); }}
        onLeave=${() => setFocus(null)} onClick=${(event) => { const at = under(event, worker.id); if (at.slot >= 0) open(at); }} />`)}
    ${shown && html`<${Readout} worker=${shown} slot=${focus.slot} cell=${rows.get(focus.id).slots[focus.slot]} legend=${legend} strips=${strips}
      at=${tipPlace(places.of.get(focus.id), focus.slot, layout, { strips, narrow, width })} />`}
    <p id="slot-readout" class="hidden" aria-live="polite">${shown && !strips ? describe(shown, focus.slot, rows.get(focus.id).slots[focus.slot], legend).join('. ') : ''}</p>
  </div>`;
}

function Row({ worker, place, strips, canvasRef, onMove, onLeave, onClick }) {
  const state = worker.lost ? `${count(worker.lost)} lost` : worker.draining ? 'draining' : '';
  return html`<div class=${'row' + (worker.trouble >= 50 ? ' troubled' : '')}
      style=${{ transform: `translate(${place.x}px, ${place.y}px)`, width: `${place.width}px` }}>
    <div class="row-name" title=${`${worker.host} · worker ${worker.id} · pid ${worker.pid}`}><b>${worker.host}</b>
      ${!strips && html`<span>${state ? html`<em class="bad-text">${state}</em>` : worker.id}</span>`}</div>
    <canvas ref=${canvasRef} aria-hidden="true" onMouseMove=${onMove} onMouseLeave=${onLeave} onClick=${onClick}></canvas>
    ${!strips && html`<div class="row-stats"><span><b>${worker.busy}</b> of ${worker.slots} busy</span>
      <span>${worker.reported ? html`${count(worker.recycled)} recycled` : 'heartbeats only'}</span></div>`}
  </div>`;
}

/** What is known of a slot, as short sentences. */
function describe(worker, slot, cell, legend) {
  if (cell.assumed) return [`${worker.host}: ${worker.busy} of ${worker.slots} busy`, 'this worker does not report which of its slots'];
  const state = legend.states[cell.state];
  const facts = [`${worker.host}, slot ${slot}: ${state}`];
  if (cell.runningMillis != null) facts.push(`this call for ${millis(cell.runningMillis)}`);
  if (cell.calls) facts.push(`${Math.round(cell.calls / 2.55)} % of its calls done`);
  if (cell.memory) facts.push(`${Math.round(cell.memory / 2.55)} % of its memory limit`);
  if (cell.end) facts.push(`former child: ${legend.ends[cell.end]}`);
  return facts;
}

function Readout({ worker, slot, cell, legend, at, strips }) {
  const [first, ...rest] = strips
    ? [`${worker.host}: ${worker.busy} of ${worker.slots} busy`, `${count(worker.recycled)} recycled, ${count(worker.lost)} lost`, `${bytes(worker.memory)} of memory`]
    : describe(worker, slot, cell, legend);
  return html`<div class="tip" aria-hidden="true" style=${{ transform: `translate(${at.x}px, ${at.y}px)` }}>
    <b>${first}</b>${rest.map((fact) => html`<span key=${fact}>${fact}</span>`)}</div>`;
}

const stripColumns = (width) => Math.max(1, Math.floor(width / 320));
const stripWidth = (width) => Math.floor(width / stripColumns(width)) - 126;

/** Where each row is: {of: Map from id to {x, y, width}, height}. */
function place(workers, layout, { strips, narrow, width }) {
  const of = new Map();
  let y = 0;
  const columns = strips ? stripColumns(width) : 1;
  const perColumn = Math.ceil(workers.length / columns);
  workers.forEach((worker, i) => {
    if (strips) {
      const step = Math.floor(width / columns);
      of.set(worker.id, { x: Math.floor(i / perColumn) * step, y: (i % perColumn) * 22, width: step - 28 });
    } else {
      of.set(worker.id, { x: 0, y, width });
      y += Math.max(lines(worker.slots, layout.perLine) * LINE + (narrow ? 32 : 6), 37);
    }
  });
  return { of, height: strips ? perColumn * 22 : y };
}

/** The readout is below its cell, and never beyond the board. */
function tipPlace(place, slot, layout, { strips, narrow, width }) {
  const cell = strips ? { x: 0, y: 0 } : position(slot, layout);
  const left = place.x + (strips ? 100 : narrow ? 0 : 150) + cell.x;
  return { x: Math.max(0, Math.min(left, width - 250)), y: place.y + cell.y + (strips ? 20 : narrow ? 54 : 34) };
}

function attach(rows, worker, canvas) {
  if (!canvas) return;
  let row = rows.get(worker.id);
  if (!row) rows.set(worker.id, (row = { worker: null, slots: [], flashes: new Map() }));
  if (row.canvas !== canvas) Object.assign(row, { canvas, dirty: true });
}

/** Takes over what changed, and finds children that ended since. */
function update(rows, workers, legend) {
  const now = performance.now();
  const ids = new Set(workers.map((worker) => worker.id));
  for (const id of rows.keys()) if (!ids.has(id)) rows.delete(id);
  for (const worker of workers) {
    const row = rows.get(worker.id);
    if (!row || row.worker === worker) continue;
    const slots = worker.reported ? unpack(worker.cells) : Array.from({ length: worker.slots }, (_, i) => assumed(worker, i, legend));
    slots.forEach((slot, i) => {
      const former = row.slots[i];
      if (row.worker && former && former.ends !== slot.ends) row.flashes.set(i, { since: now, reason: legend.ends[slot.end] });
    });
    Object.assign(row, { worker, slots, limited: worker.maxCalls > 0, dirty: true });
  }
}

/** A worker that sends only heartbeats tells how many slots are busy, not which. */
const assumed = (worker, i, legend) => ({
  state: legend.states.indexOf(i < worker.busy ? 'busy' : 'idle'), calls: 0, memory: 0, end: 0, ends: 0, runningMillis: null, assumed: true,
});

/** Draws the rows in which something flashes, until nothing does. */
function useFlashes(rows, paint, turn) {
  const current = useRef(paint);
  current.current = paint;
  useEffect(() => {
    let timer = 0;
    let gone = false;
    const step = () => {
      if (gone) return;
      const now = performance.now();
      let more = false;
      for (const row of rows.values()) {
        if (!row.flashes.size || !row.canvas) continue;
        for (const [slot, flash] of row.flashes) if (now - flash.since > FLASH_MS) row.flashes.delete(slot);
        if (!calm.matches || !row.flashes.size) current.current(row);
        more ||= row.flashes.size > 0;
      }
      if (more) timer = setTimeout(() => requestAnimationFrame(step), FADE_STEP_MS);
    };
    timer = setTimeout(step, FADE_STEP_MS);
    return () => { gone = true; clearTimeout(timer); };
  }, [turn]);
}

/** Where an arrow key leads. */
function moved(key, from, workers, { perLine }, strips) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -1e6], End: [0, 1e6] };
  const step = steps[key];
  if (!step || !workers.length) return null;
  let row = workers.findIndex((worker) => worker.id === from?.id);
  if (row < 0) return { id: workers[0].id, slot: 0 };
  let slot = from.slot + (strips ? 0 : step[1]);
  const inside = slot + step[0] * perLine;
  if (step[0] && !strips && inside >= 0 && inside < workers[row].slots) slot = inside;
  else row = Math.max(0, Math.min(workers.length - 1, row + step[0]));
  return { id: workers[row].id, slot: Math.max(0, Math.min(workers[row].slots - 1, slot)) };
}

/** The same for screen readers. */
export const SlotTable = ({ workers }) => html`<div class="hidden"><table><caption>Workers, most troubled first</caption>
  <thead><tr><th scope="col">Host</th><th scope="col">Busy</th><th scope="col">Slots</th><th scope="col">Calls ended</th><th scope="col">Calls failed</th>
    <th scope="col">Children recycled</th><th scope="col">Children lost</th><th scope="col">Memory</th></tr></thead>
  <tbody>${workers.map((w) => html`<tr key=${w.id}><th scope="row">${w.host} ${w.draining ? '(draining)' : ''}</th><td>${w.busy}</td><td>${w.slots}</td>
    <td>${count(w.callsEnded)}</td><td>${count(w.callsFailed)}</td><td>${count(w.recycled)}</td><td>${count(w.lost)}</td><td>${bytes(w.memory)}</td></tr>`)}</tbody></table></div>`;
