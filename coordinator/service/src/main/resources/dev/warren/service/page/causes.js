// Failed calls grouped by cause, each with what sets its calls apart from the others.
import { html } from './dom.js';
import { Panel } from './parts.js';
import { clock, count, percent, plural } from './format.js';
import { link } from './route.js';

export function Causes({ job, causes, failed }) {
  const all = causes || [];
  return html`<${Panel} title="Causes of failure" note=${all.length > 0 && `${plural(all.length, 'group')} of ${plural(failed, 'failed call')}`}>
    ${causes && !all.length && html`<p class="note pad">No call has failed.</p>`}
    <ol class="causes">${all.map((cause) => html`<li key=${cause.cause}>
      <a href=${link(['jobs', job, 'causes', cause.cause])}>
        <span class="share" aria-hidden="true" style=${{ transform: `scaleX(${failed ? cause.calls / failed : 0})` }}></span>
        <b class="num">${count(cause.calls)}</b>
        <span class="cause-text"><span class="title">${cause.title}</span>
          ${cause.contrast?.length > 0 && html`<span class="contrast">${cause.contrast[0]}</span>`}
          <span class="note">${percent(cause.calls, failed)} of failed calls, first at call ${count(cause.firstIndex)}, last ${clock(cause.last)}</span></span></a></li>`)}</ol><//>`;
}
