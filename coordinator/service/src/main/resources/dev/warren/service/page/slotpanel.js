// One slot in detail: its child process, what the child runs, and how the former child ended.
import { html, useEffect, useRef } from './dom.js';
import { getJson, send, useLoad } from './api.js';
import { Action } from './actions.js';
import { Loading, Meter, Problem } from './parts.js';
import { bytes, count, millis, plural, shortFunction } from './format.js';
import { link, setQuery } from './route.js';

/** The number of a call is its index, plus this for each retry of its job. */
const CALLS_PER_ROUND = 2 ** 40;

/** "ID:3" as {id, slot}; null if no slot is selected. */
export function readSlot(text) {
  const at = text?.lastIndexOf(':') ?? -1;
  return at < 0 ? null : { id: text.slice(0, at), slot: Number(text.slice(at + 1)) };
}

const close = () => setQuery({ slot: null });

/** @param seen changes when the worker has sent another report */
export function SlotPanel({ selected, seen, jobs }) {
  const { id, slot } = selected;
  const panel = useRef(null);
  const report = useLoad((signal) => getJson(`/workers/${encodeURIComponent(id)}`, signal), `${id} ${seen}`);
  useEffect(() => {
    const before = document.activeElement;
    panel.current.focus();
    return () => before?.isConnected && before.focus({ preventScroll: true });
  }, []);
  const worker = report.value;
  return html`<aside class="drawer" ref=${panel} tabindex="-1" aria-label=${`Slot ${slot}`}
      onKeyDown=${(event) => event.key === 'Escape' && close()}>
    <header class="panel-head"><h2>${worker ? worker.host : 'Worker'}, slot ${slot}</h2>
      <button type="button" class="quiet" onClick=${close} aria-label="Close">✕</button></header>
    ${report.problem && html`<${Problem} problem=${report.problem} what="the details of a worker" />`}
    ${!worker && !report.problem && html`<${Loading} rows=${6} />`}
    ${worker && html`<${Slot} worker=${worker} id=${id} slot=${slot} jobs=${jobs} />`}
  </aside>`;
}

function Slot({ worker, id, slot, jobs }) {
  const children = worker.children || [];
  const child = children.find((one) => one.slot === slot);
  const spares = children.filter((one) => one.slot === -1);
  return html`
    ${child ? html`<${Child} child=${child} jobs=${jobs} />` : html`<p class="note">This slot has no child now.</p>`}
    <h3>The others of this worker</h3>
    <div class="mini-slots">${children.filter((one) => one.slot >= 0).map((one) => html`
      <a key=${one.slot} href=${link([], { slot: `${id}:${one.slot}` })} aria-current=${one.slot === slot ? 'true' : null}
        class=${'mini mini-' + lower(one.state)} title=${`slot ${one.slot}: ${lower(one.state)}`}>${one.slot}</a>`)}</div>
    <p class="note">${plural(spares.length, 'spare child', 'spare children')} ready to take over. Worker ${id}, pid ${worker.pid}.</p>
    <div class="actions"><${Action} label="Drain this worker" kind="danger"
      run=${async () => { await send('POST', `/workers/${encodeURIComponent(id)}/drain`); return `The worker on ${worker.host} drains: it takes no further calls.`; }}
      ask=${{ title: `Drain the worker on ${worker.host}?`, yes: 'Drain', text: 'It finishes what it runs, gives the rest back, and ends. Start it again to have its slots back.' }} /></div>`;
}

const lower = (state) => state.toLowerCase();

/** What a child runs; calls that take less than a moment are not reported. */
function Running({ child, jobs }) {
  if (!child.function) return lower(child.state) === 'busy' ? 'short calls, not reported one by one' : 'nothing';
  const index = child.call % CALLS_PER_ROUND;
  const job = (jobs || []).find((one) => one.name === child.job || one.id === child.job);
  if (job) return html`<a href=${link(['jobs', job.name, 'calls', String(index)])}>call ${count(index)} of ${job.name}</a>`;
  return child.job ? `call ${count(index)} of a durable job` : 'a call of a program';
}

function Child({ child, jobs }) {
  const facts = [
    ['State', lower(child.state)], ['Child', child.child], ['Process', child.pid || null],
    ['Runs', html`<${Running} child=${child} jobs=${jobs} />`],
    ['Function', child.function ? html`<code title=${child.function}>${shortFunction(child.function)}</code>` : '–'],
    ['For', child.runningMillis > 0 ? millis(child.runningMillis) : '–'],
    ['Children ended here', count(child.ends)],
  ];
  return html`<dl class="facts">${facts.filter(([, value]) => value != null && value !== false).map(([name, value]) => html`
      <div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <${Limit} what="calls until it is recycled" alone="calls done" now=${child.calls} max=${child.maxCalls} show=${count} />
    <${Limit} what="resident memory" now=${child.memory} max=${child.maxMemory} show=${bytes} />
    ${child.lastEnd && html`<div class="last-end"><h3>The former child ended: ${child.lastEnd.replaceAll('_', ' ')}</h3>${child.lastEndText && html`<p>${child.lastEndText}</p>`}</div>`}`;
}

function Limit({ what, alone = what, now, max, show }) {
  const text = max ? `${show(now)} of ${show(max)} ${what}` : `${show(now)} ${alone}; no limit`;
  return html`<div class="limit"><span>${text}</span>${max > 0 && html`<${Meter} share=${now / max} kind=${now / max > 0.9 ? 'warn' : ''} label=${text} />`}</div>`;
}
