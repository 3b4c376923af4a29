// The view Jobs: all jobs of the pool, by state.
import { html } from './dom.js';
import { Bar } from './progress.js';
import { Empty, Loading, State } from './parts.js';
import { SUBMIT, estimateOf } from './summary.js';
import { clock, count, exact, shortFunction } from './format.js';
import { link } from './route.js';

const ACTIVE = ['receiving', 'running', 'paused', 'cancelling'];
const FILTERS = {
  all: ['All', () => true],
  active: ['Active', (job) => ACTIVE.includes(job.state)],
  failed: ['With failures', (job) => job.failed > 0],
  ended: ['Ended', (job) => !ACTIVE.includes(job.state)],
};

export function JobsView({ live, route }) {
  const jobs = live?.get('jobs');
  const chosen = FILTERS[route.query.get('show')] ? route.query.get('show') : 'all';
  const shown = (jobs || []).filter(FILTERS[chosen][1]);
  return html`<div class="view-head"><h1>Jobs</h1>
      <nav class="tabs" aria-label="Which jobs">${Object.entries(FILTERS).map(([key, [label, holds]]) => html`
        <a key=${key} href=${link(['jobs'], { show: key === 'all' ? null : key })} aria-current=${key === chosen ? 'true' : null}>${label}
          <span class="count">${jobs ? count(jobs.filter(holds).length) : ''}</span></a>`)}</nav></div>
    ${!jobs && html`<${Loading} rows=${8} />`}
    ${jobs && !jobs.length && html`<${Empty} title="No jobs yet." command=${SUBMIT}>A job calls one function once per line of its input. Submit one:<//>`}
    ${jobs?.length > 0 && !shown.length && html`<${Empty} title="No such jobs." >Choose another group above.<//>`}
    ${shown.length > 0 && html`<table class="list jobs"><thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col">Outcomes of calls</th>
        <th scope="col" class="right">Failed</th><th scope="col">To go</th><th scope="col">Created</th><th scope="col">Ended</th></tr></thead>
      <tbody>${shown.map((job) => html`<${JobRow} key=${job.name + job.created} job=${job} />`)}</tbody></table>`}`;
}

function JobRow({ job }) {
  const done = job.succeeded + job.failed + job.cancelled;
  return html`<tr><th scope="row">${job.state === 'deleted' ? job.name : html`<a href=${link(['jobs', job.name])}>${job.name}</a>`}
      <span class="note" title=${job.function}>${shortFunction(job.function)}</span></th>
    <td><${State} state=${job.state} /></td>
    <td class="grow"><${Bar} parts=${[['ok', job.succeeded], ['failed', job.failed], ['cancelled', job.cancelled], ['unread', job.calls - done]]} label=${`${count(done)} of ${count(job.calls)}`} />
      <span class="note">${count(done)} of ${count(job.calls)}</span></td>
    <td class=${'right' + (job.failed ? ' bad-text' : ' note')} data-label="failed">${count(job.failed)}</td>
    <td class="note fixed">${estimateOf(job)}</td>
    <td class="note" data-label="created" title=${exact(job.created)}>${clock(job.created)}</td>
    <td class="note" data-label="ended" title=${exact(job.ended)}>${job.ended ? clock(job.ended) : '–'}</td></tr>`;
}
