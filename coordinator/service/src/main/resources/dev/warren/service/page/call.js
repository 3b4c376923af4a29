// The view of one call: everything that was seen of it, in one timeline.
import { html } from './dom.js';
import { getJson, jobPath, useLoad } from './api.js';
import { Command, Loading, Panel, Problem, State } from './parts.js';
import { Evidence } from './cause.js';
import { count, exact, millis, seconds } from './format.js';
import { link } from './route.js';

/** A gap of this length is written out, and shown shorter than it was. */
const LONG_GAP_MS = 5000;

export function CallView({ route }) {
  const [, name, , index] = route.path;
  const loaded = useLoad((signal) => getJson(jobPath(name, `/calls/${encodeURIComponent(index)}`), signal), `${name} ${index}`);
  const call = loaded.value;
  return html`<div class="view-head"><div><p class="crumbs"><a href="#/jobs">Jobs</a> / <a href=${link(['jobs', name])}>${name}</a> / <a href=${link(['jobs', name], { from: index })}>calls</a></p>
      <h1>Call ${count(Number(index))} ${call && html`<${State} state=${call.state} />`}</h1></div>
      <div class="actions"><button type="button" onClick=${loaded.reload}>Load again</button></div></div>
    ${loaded.problem && html`<${Problem} problem=${loaded.problem} what="the timeline of a call" />`}
    ${!call && loaded.loading && html`<${Loading} rows=${8} />`}
    ${call && html`<div class="columns even"><${Panel} title="Timeline" note="times since the first event"><${Timeline} events=${call.timeline || []} note=${call.note} /><//>
      <div class="rail"><${Panel} title="Call"><p class="labelled"><span>argument</span><code>${call.line ?? 'not kept'}</code></p>
        ${call.outcome?.error ? html`<${Evidence} error=${call.outcome.error} />` : call.outcome ? html`<p class="labelled"><span>value</span><code>${JSON.stringify(call.outcome.value)}</code></p>` : html`<p class="note">It has no outcome yet.</p>`}<//>
        <${Panel} title="Its outcome in a terminal"><${Command} text=${`warren jobs results ${name} --from ${index} --no-wait | head -n 1`} /><//></div></div>`}`;
}

function Timeline({ events, note }) {
  if (!events.length) return html`<p class="note pad">${note || 'Nothing is known of its way.'}</p>`;
  const start = events[0].at;
  return html`<ol class="timeline">${events.map((event, i) => {
    const gap = i ? event.at - events[i - 1].at : 0;
    return html`${gap > LONG_GAP_MS && html`<li key=${'gap' + i} class="gap">… ${seconds(gap / 1000)} …</li>`}
      <li key=${i} class=${'event by-' + event.observer.split(' ')[0] + (isBad(event.event) ? ' bad' : '')}>
        <time title=${exact(event.at)}>${i ? `+${since(event.at - start)}` : exact(event.at).slice(11, 23)}</time>
        <span class="what"><b>${event.event.replaceAll('_', ' ')}</b> ${event.text || ''}<span class="observer">seen by ${event.observer}</span></span></li>`;
  })}</ol>${note && html`<p class="note">${note}</p>`}`;
}

/** Exact enough to tell events of the same second apart. */
const since = (ms) => (ms >= 1000 && ms < 600e3 ? `${(ms / 1000).toFixed(3)} s` : millis(ms));

const isBad = (event) => /lost|killed|died|failed|limit|dead/.test(event);
