// Calls by index, a page at a time; or only the failed ones.
import { html, useRef } from './dom.js';
import { hasEnded } from './actions.js';
import { getJson, jobPath, useLoad } from './api.js';
import { Loading, Panel, Problem, State } from './parts.js';
import { count } from './format.js';
import { link, setQuery } from './route.js';

const PAGE = 25;
const LOOK_AGAIN = 4000; // milliseconds; workers report every two seconds while the page is open
const OPEN = ['running', 'queued', 'unread'];

export function Calls({ job, route }) {
  const from = Math.max(0, Number(route.query.get('from')) || 0);
  const only = route.query.get('only');
  const done = job.succeeded + job.failed + job.cancelled;
  const open = useRef(false);
  // calls without an outcome may start or end, so they are looked at again
  const turn = open.current && !hasEnded(job.state) ? Math.floor(Date.now() / LOOK_AGAIN) : 0;
  const page = useLoad((signal) => load(job.name, from, only, signal), `${from} ${only} ${job.state} ${only ? Math.min(job.failed, PAGE) : done > from} ${turn}`);
  const calls = page.value || [];
  open.current = calls.some((call) => OPEN.includes(call.state));
  const next = only === 'failed' ? (calls.at(-1)?.index ?? from) + 1 : from + PAGE;
  const go = (start) => () => setQuery({ from: start || null });
  const jump = (event) => { event.preventDefault(); setQuery({ from: event.currentTarget.querySelector('input').value.replace(/\D/g, '') || null }); };
  return html`<${Panel} title="Calls" note=${only === 'failed' ? `failed ones from ${count(from)} on` : `from ${count(from)} on, of ${count(job.calls)}`}>
    <div class="toolbar">
      <nav class="tabs" aria-label="Which calls">
        <a href=${link(['jobs', job.name], { from: from || null })} aria-current=${only ? null : 'true'}>All</a>
        <a href=${link(['jobs', job.name], { from: from || null, only: 'failed' })} aria-current=${only === 'failed' ? 'true' : null}>Failed <span class="count">${count(job.failed)}</span></a></nav>
      <form class="jump" onSubmit=${jump}><label for="jump">Index</label><input id="jump" inputmode="numeric" size="9" value=${from || ''} placeholder="0" /><button class="small">Go</button></form>
      <span class="pager"><button type="button" class="small" disabled=${from === 0} onClick=${go(Math.max(0, from - PAGE))}>Previous</button>
        <button type="button" class="small" disabled=${calls.length < PAGE || next >= job.calls} onClick=${go(next)}>Next</button></span></div>
    <div class="calls-list" aria-busy=${page.loading ? 'true' : 'false'}>
      ${page.problem && html`<${Problem} problem=${page.problem} what="a list of calls" />`}
      ${!page.value && page.loading && html`<${Loading} rows=${10} />`}
      ${page.value && !calls.length && html`<p class="note pad">${only === 'failed' ? 'No failed calls from here on.' : 'No calls from here on.'}</p>`}
      ${calls.length > 0 && html`<table class="list calls"><thead><tr><th scope="col" class="right">Index</th><th scope="col">State</th><th scope="col">Argument</th><th scope="col">Outcome</th></tr></thead>
        <tbody>${calls.map((call) => html`<tr key=${call.index}>
          <th scope="row" class="right"><a href=${link(['jobs', job.name, 'calls', String(call.index)])}>${count(call.index)}</a></th>
          <td><${State} state=${call.state} /></td><td class="cut"><code>${call.line ?? ''}</code></td>
          <td class="cut">${outcomeText(call.outcome)}</td></tr>`)}</tbody></table>`}</div><//>`;
}

const load = async (name, from, only, signal) =>
  (await getJson(jobPath(name, `/calls?from=${from}&limit=${PAGE}${only === 'failed' ? '&only=failed' : ''}`), signal)).calls;

/** An outcome in a line. */
export function outcomeText(outcome) {
  if (!outcome) return '';
  if (outcome.error) return html`<span class="bad-text">${outcome.error.type?.replace(/^.*\./, '')}</span> ${outcome.error.message || ''}`;
  return html`<code>${JSON.stringify(outcome.value)}</code>`;
}
