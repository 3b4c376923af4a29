// The view Doctor: what was checked, and what to do about what is wrong.
import { html } from './dom.js';
import { getJson, useLoad } from './api.js';
import { PoolAudit } from './audit.js';
import { Command, Empty, Loading, Problem } from './parts.js';
import { plural } from './format.js';

const ORDER = { problem: 0, warning: 1, note: 2, ok: 3 };

export function DoctorView() {
  const loaded = useLoad((signal) => getJson('/doctor', signal), '');
  const checks = [...(loaded.value?.checks || [])].sort((a, b) => ORDER[a.level] - ORDER[b.level]);
  const wrong = checks.filter((check) => ORDER[check.level] < ORDER.note).length;
  return html`<div class="view-head"><div><h1>Doctor</h1>
      <p class="note">${checks.length ? (wrong ? `${plural(wrong, 'finding')} of ${checks.length} ${wrong === 1 ? 'needs' : 'need'} attention.` : 'Nothing needs attention.') : 'Checks broker, workers and this host.'}</p></div>
      <div class="actions"><button type="button" disabled=${loaded.loading} onClick=${loaded.reload}>Check again</button></div></div>
    ${loaded.problem && html`<${Problem} problem=${loaded.problem} what="checks" />`}
    ${!loaded.value && loaded.loading && html`<${Loading} rows=${8} />`}
    ${loaded.value && !checks.length && html`<${Empty} title="Nothing is checked here." command="warren doctor">This coordinator runs inside another program. In a terminal, the pool is checked by:<//>`}
    <ul class="checks">${checks.map((check) => html`<li key=${check.title + check.text} class=${'check-' + check.level}>
      <span class="check-mark"><i aria-hidden="true"></i><span class="hidden">${check.level}: </span></span>
      <div><h2>${check.title}</h2><p>${check.text}</p>
        ${check.remedy && html`<${Remedy} text=${check.remedy} />`}</div></li>`)}</ul>
    ${(loaded.value || loaded.problem) && html`<${PoolAudit} title="What was done with this pool" turn=${loaded.value} />`}`;
}

/** A command that can be copied, and what follows it in the sentence; otherwise the sentence. */
function Remedy({ text }) {
  const [, command, rest] = /^((?:warren|rabbitmq|sudo|sysctl)\S* [^,;]+)(?:[,;] (.+))?$/.exec(text) || [];
  if (!command) return html`<p class="remedy">${text}</p>`;
  return html`<${Command} text=${command} />${rest && html`<p class="remedy">${rest}</p>`}`;
}
