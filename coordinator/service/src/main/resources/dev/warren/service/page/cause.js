// The view of one cause of failure in a job.
import { html } from './dom.js';
import { jobPath, PREFIX } from './api.js';
import { RetryActions, hasEnded } from './actions.js';
import { Command, Loading, Panel, State } from './parts.js';
import { bytes, clock, count, exact, percent } from './format.js';
import { link } from './route.js';

export function CauseView({ live, route }) {
  const name = route.path[1];
  const job = live?.get('job');
  const cause = live?.get('cause');
  if (!job || !cause) return html`<h1 class="cause-title">Cause in ${name}</h1><${Loading} rows=${6} />`;
  const samples = cause.samples || live.get('samples') || [];
  const ended = hasEnded(job.state);
  const why = ended ? '' : 'The job has to end, or be cancelled, before its calls are retried.';
  return html`<div class="view-head"><div><p class="crumbs"><a href="#/jobs">Jobs</a> / <a href=${link(['jobs', name])}>${name}</a></p>
      <h1 class="cause-title">${cause.title}</h1></div>
      <div class="actions">${cause.cause !== 'other' && html`<${RetryActions} job=${name} calls=${cause.calls} cause=${cause.cause} disabled=${!ended} why=${why} />`}</div></div>
    ${why && html`<p class="note why">${why}</p>`}
    <section class="panel" aria-label="Facts"><dl class="numbers times">
      <div><dt>Calls</dt><dd>${count(cause.calls)}</dd><dd class="note">${percent(cause.calls, job.failed)} of the failed calls</dd></div>
      <div><dt>First</dt><dd title=${exact(cause.first)}>${clock(cause.first)}</dd><dd class="note"><a href=${link(['jobs', name, 'calls', String(cause.firstIndex)])}>call ${count(cause.firstIndex)}</a></dd></div>
      <div><dt>Last</dt><dd title=${exact(cause.last)}>${clock(cause.last)}</dd></div>
      <div><dt>Job</dt><dd><${State} state=${job.state} /></dd></div></dl>
      ${cause.contrast?.length > 0 && html`<h2>What sets these calls apart</h2><ul class="contrasts">${cause.contrast.map((text) => html`<li key=${text}>${text}</li>`)}</ul>`}</section>
    <${Panel} title="Samples" note=${samples.length > 0 && `${samples.length} of ${count(cause.calls)}`}>
      ${!samples.length && html`<p class="note pad">No samples are kept.</p>`}
      ${samples.map((sample) => html`<${Sample} key=${sample.index} sample=${sample} job=${name} />`)}<//>
    <${Panel} title="The same in a terminal"><${Command} text=${live.get('command') || cause.command || `warren jobs retry ${name} --cause ${cause.cause}`} />
      <p class="note">Export: <a href=${PREFIX + jobPath(name, '/results?only=failed&wait=false&evidence=true')} download=${name + '-failed.jsonl'}>all failed calls of ${name}, with evidence, as JSON Lines</a></p><//>`;
}

function Sample({ sample, job }) {
  const error = sample.error || {};
  return html`<article class="sample"><h3><a href=${link(['jobs', job, 'calls', String(sample.index)])}>Call ${count(sample.index)}</a></h3>
    <${Evidence} error=${error} line=${sample.line} /></article>`;
}

const SHOWN_APART = ['type', 'message', 'stack', 'types', 'causes', 'suppressed', 'retryable', 'where', 'details', 'kind'];

/** An error with everything that is known of it. */
export function Evidence({ error, line }) {
  const all = { ...error, ...error.where, ...error.details };
  const rest = Object.entries(all).filter(([key, value]) => !SHOWN_APART.includes(key) && value != null && value.length !== 0);
  return html`
    ${line != null && html`<p class="labelled"><span>argument</span><code>${line}</code></p>`}
    <p class="labelled"><span>error</span><code><b class="bad-text">${error.type}</b>${error.message ? `: ${error.message}` : ''}</code></p>
    ${rest.map(([key, value]) => html`<p key=${key} class="labelled"><span>${words(key.replace(/Bytes$/, ''))}</span><${Value} value=${key.endsWith('Bytes') ? bytes(value) : value} /></p>`)}
    ${error.stack && html`<details open><summary>Stack</summary><pre tabindex="0">${error.stack}</pre></details>`}`;
}

/** A value of the evidence; lines, such as those of stderr, below each other. */
export function Value({ value }) {
  const text = Array.isArray(value) ? value.join('\n') : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.includes('\n') ? html`<pre tabindex="0">${text}</pre>` : html`<code>${text}</code>`;
}

const words = (key) => key.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
