// The view of one job.
import { html } from './dom.js';
import { Audit } from './audit.js';
import { BatchMap } from './map.js';
import { Calls } from './calls.js';
import { Causes } from './causes.js';
import { JobActions } from './actions.js';
import { Loading, Panel, State } from './parts.js';
import { Progress } from './progress.js';
import { RateChart } from './rate.js';
import { clock, count, exact, millis, plural, shortFunction } from './format.js';
import { jobPath, PREFIX } from './api.js';
import { link } from './route.js';

export function JobView({ live, route }) {
  const name = route.path[1];
  const job = live?.get('job');
  const progress = live?.get('progress');
  const map = live?.get('map');
  if (!job || !progress) return html`<h1>${name}</h1><${Loading} rows=${8} />`;
  return html`<${JobHead} job=${job} />
    <${Progress} progress=${progress} state=${job.state} />
    ${map && map.cells > 0 && html`<${BatchMap} key=${job.id} map=${map} blocks=${live.list('map/')} />`}
    <div class="columns even"><${Causes} job=${name} causes=${live.get('causes')} failed=${progress.failed} />
      <div class="rail"><${RateChart} blocks=${live.list('rate/').map(([k, points]) => [Number(k), points])} />
        <${Stragglers} job=${name} calls=${live.get('stragglers')} p95=${progress.p95Millis} /></div></div>
    <${Calls} job=${job} route=${route} />
    <${Audit} title="What was done with this job" entries=${live.get('audit')} />`;
}

function JobHead({ job }) {
  return html`<div class="view-head"><div><p class="crumbs"><a href="#/jobs">Jobs</a></p>
      <h1>${job.name} <${State} state=${job.request ? `${job.state}` : job.state} /></h1>
      <p class="note"><code title=${job.function}>${shortFunction(job.function)}</code> · submitted <span title=${exact(job.created)}>${clock(job.created)}</span>
        ${job.ended && html` · ended <span title=${exact(job.ended)}>${clock(job.ended)}</span>`}
        ${job.round > 0 && ` · retried ${plural(job.round, 'time')}`}
        ${job.request && html` · <b>${job.request} requested</b>`}
        ${!job.coordinated && !job.ended && html` · <b class="warn-text">no coordinator runs it now</b>`}
        ${' · '}<a href=${PREFIX + jobPath(job.name, '/results?wait=false')} download=${job.name + '.jsonl'}>results</a></p></div>
    <${JobActions} job=${job} /></div>`;
}

function Stragglers({ job, calls, p95 }) {
  const all = calls || [];
  return html`<${Panel} title="Stragglers" note=${p95 > 0 && `running longer than ${millis(p95)}, which 95 % of calls did not need`} kind="stragglers">
    ${!all.length && html`<p class="note pad">None.</p>`}
    ${all.length > 0 && html`<table class="list"><thead><tr><th scope="col" class="right">Call</th><th scope="col">Where</th><th scope="col" class="right">Running</th></tr></thead>
      <tbody>${all.map((call) => html`<tr key=${call.call}><th scope="row" class="right"><a href=${link(['jobs', job, 'calls', String(call.call)])}>${count(call.call)}</a></th>
        <td><a href=${link([], { slot: `${call.worker}:${call.slot}` })}>${call.host}, slot ${call.slot}</a></td><td class="right">${millis(call.runningMillis)}</td></tr>`)}</tbody></table>`}<//>`;
}
