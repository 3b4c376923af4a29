// What was done, when and by whom.
import { html } from './dom.js';
import { getJson, useLoad } from './api.js';
import { Panel } from './parts.js';
import { clock, exact } from './format.js';
import { link } from './route.js';

/** @param entries {at, who, what, subject}, newest first; nothing is shown without any */
export function Audit({ title, note, entries }) {
  if (!entries?.length) return null;
  return html`<${Panel} title=${title} note=${note}><ul class="audit">${entries.map((entry, i) => html`
    <li key=${entries.length - i}><time datetime=${entry.at} title=${exact(entry.at)}>${clock(entry.at)}</time>
      <span><${What} ...${entry} /></span><span class="note">${entry.who}</span></li>`)}</ul><//>`;
}

function What({ what, subject }) {
  const [kind, name] = (subject || '').split(/:(.*)/);
  if (kind === 'job') return html`<a href=${link(['jobs', name])}>${name}</a>: ${what}`;
  if (kind === 'worker') return html`${what} <code class="note">${name}</code>`;
  return kind === 'dead' ? html`<a href="#/dead">${what}</a>` : what;
}

/**
 * What was done with the pool through the API, as the store keeps it.
 *
 * @param only a subject; all without
 * @param turn loads again when it changes
 */
export function PoolAudit({ title, only, turn }) {
  const loaded = useLoad((signal) => getJson('/audit?limit=1000', signal), turn);
  const entries = (loaded.value?.actions || []).filter((entry) => !only || entry.subject === only).slice(0, 20);
  return html`<${Audit} title=${title} note="through this page and the API" entries=${entries.map((entry) => (only ? { ...entry, subject: null } : entry))} />`;
}
