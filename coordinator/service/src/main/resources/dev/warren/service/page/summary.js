// The column beside the slots: outcomes by kind, jobs, and the most frequent causes of failure.
import { html } from './dom.js';
import { Bar } from './progress.js';
import { Empty, Panel, State } from './parts.js';
import { clock, count, percent, plural, range, rate } from './format.js';
import { link } from './route.js';

export function Outcomes({ outcomes }) {
  if (!outcomes) return html`<${Panel} title="Outcomes" />`;
  const { succeeded, failed } = outcomes;
  const kinds = Object.entries(outcomes.kinds || {}).sort((a, b) => b[1] - a[1]).slice(0, 4);
  return html`<${Panel} title="Outcomes" note="since each worker started" kind="outcomes">
    <p class="big"><b>${rate(outcomes.perSecond)}</b> per second</p>
    <${Bar} parts=${[['ok', succeeded], ['failed', failed]]} label="Attempts of calls that ended" />
    <dl class="pairs"><div><dt>Attempts that succeeded</dt><dd>${count(succeeded)}</dd></div>
      <div><dt>Attempts that failed</dt><dd>${count(failed)} <small>${percent(failed, succeeded + failed)}</small></dd></div></dl>
    <h3>Failed calls of recent jobs</h3>
    ${kinds.length === 0 && html`<p class="note">None.</p>`}
    <dl class="pairs">${kinds.map(([kind, n]) => html`<div key=${kind} class="sub"><dt>${kind}</dt><dd>${count(n)}</dd></div>`)}</dl>
  <//>`;
}

export function JobList({ jobs }) {
  const all = jobs || [];
  return html`<${Panel} title="Jobs" note=${all.length > 0 && html`<a href="#/jobs">all jobs</a>`}>
    ${jobs && !all.length && html`<${Empty} title="No jobs yet." command=${SUBMIT}>Submit one. It survives this coordinator and every process that works for it.<//>`}
    <ul class="cards">${all.slice(0, 8).map((job) => html`<${JobCard} key=${job.name} job=${job} />`)}</ul>
  <//>`;
}

export const SUBMIT = `seq 1000 | warren jobs submit first --fn java.lang.Integer::toBinaryString --coordinator ${location.origin}`;

export function JobCard({ job }) {
  const { succeeded, failed, cancelled, calls } = job;
  const done = succeeded + failed + cancelled;
  return html`<li><a class="card" href=${link(['jobs', job.name])}>
    <span class="card-line"><b>${job.name}</b><${State} state=${job.state} /></span>
    <${Bar} parts=${[['ok', succeeded], ['failed', failed], ['cancelled', cancelled], ['unread', calls - done]]} label=${`${count(done)} of ${count(calls)} calls have an outcome`} />
    <span class="card-line note"><span>${count(done)} of ${calls < 1e6 ? plural(calls, 'call') : count(calls)}${failed > 0 ? html` · <em class="bad-text">${count(failed)} failed</em>` : ''}</span>
      <span>${estimateOf(job)}</span></span></a></li>`;
}

/** What is to be said about the end of a job. */
export function estimateOf(job) {
  if (job.state === 'running' && !job.coordinated) return 'no coordinator';
  if (job.estimate) return range(job.estimate);
  return job.perSecond > 0 ? `${rate(job.perSecond)}/s` : '';
}

export function TopCauses({ causes }) {
  const all = causes || [];
  return html`<${Panel} title="Causes of failure">
    ${causes && !all.length && html`<p class="note">No call of a durable job has failed.</p>`}
    <ul class="cause-list">${all.map((cause) => html`<li key=${cause.job + cause.cause}>
      <a href=${link(['jobs', cause.job, 'causes', cause.cause])}><b class="num">${count(cause.calls)}</b><span class="title" title=${cause.title}>${withoutPackages(cause.title)}</span>
        <span class="note">${cause.job}, last ${clock(cause.last)}</span></a></li>`)}</ul>
  <//>`;
}

/** Without the packages of the exception, which take the room of its message. */
const withoutPackages = (title) => title.replace(/^(?:[a-z_][\w$]*\.)+(?=[A-Z])/, '');
