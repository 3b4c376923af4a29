// The view of dead letters: messages that no worker could finish, with the evidence.
import { html, useState } from './dom.js';
import { Action } from './actions.js';
import { PoolAudit } from './audit.js';
import { Evidence } from './cause.js';
import { Empty, Loading, Problem } from './parts.js';
import { getJson, send, useLoad } from './api.js';
import { clock, count, exact, plural, shortFunction } from './format.js';

export function DeadView({ live }) {
  const dead = live?.get('header')?.dead;
  const loaded = useLoad((signal) => getJson('/dead?limit=100', signal), dead ?? 'unknown');
  const [chosen, setChosen] = useState(new Set());
  const letters = loaded.value?.letters || [];
  const present = letters.filter((letter) => chosen.has(letter.id)).map((letter) => letter.id);
  const toggle = (id) => setChosen((set) => { const next = new Set(set); if (!next.delete(id)) next.add(id); return next; });
  const all = present.length === letters.length && letters.length > 0;
  const finish = (path, done) => async () => {
    const answer = await (await send('POST', path, { json: { ids: present } })).json().catch(() => ({}));
    setChosen(new Set());
    loaded.reload();
    return done(answer);
  };
  return html`<div class="view-head"><div><h1>Dead letters</h1><p class="note">Messages that were given up. They wait here until somebody decides.</p></div>
      <div class="actions">
        <${Action} label=${`Redrive ${present.length || ''}`} kind="primary" disabled=${!present.length}
          run=${finish('/dead/redrive', redriven)}
          ask=${{ title: `Redrive ${plural(present.length, 'message')}?`, yes: 'Redrive', text: 'They go back to the queue and run again, with their attempts counted from the start.' }} />
        <${Action} label=${`Drop ${present.length || ''}`} kind="danger" disabled=${!present.length}
          run=${finish('/dead/drop', ({ dropped }) => `${plural(dropped, 'message')} dropped.`)}
          ask=${{ title: `Drop ${plural(present.length, 'message')}?`, yes: 'Drop', text: 'The messages and their evidence are removed. This cannot be undone.' }} /></div></div>
    ${loaded.problem && html`<${Problem} problem=${loaded.problem} what="dead letters" />`}
    ${!loaded.value && loaded.loading && html`<${Loading} rows=${5} />`}
    ${loaded.value && !letters.length && html`<${Empty} title="No dead letters.">Every message was finished, or is still being worked on.<//>`}
    ${letters.length > 0 && html`<p class="toolbar"><label class="check"><input type="checkbox" checked=${all} onChange=${() => setChosen(all ? new Set() : new Set(letters.map((letter) => letter.id)))} />
      ${loaded.value.count > letters.length ? `These ${letters.length} of ${count(loaded.value.count)}` : `All ${letters.length}`}</label></p>
      <ul class="letters">${letters.map((letter) => html`<${Letter} key=${letter.id} letter=${letter} chosen=${chosen.has(letter.id)} toggle=${() => toggle(letter.id)} />`)}</ul>`}
    ${(loaded.value || loaded.problem) && html`<${PoolAudit} title="What was done with dead letters" only="dead" turn=${loaded.value} />`}`;
}

function Letter({ letter, chosen, toggle }) {
  const facts = [letter.calls ? plural(letter.calls, 'call') : 'not a task', spent(letter.attempts), letter.host && `last on ${letter.host}`];
  return html`<li class="panel letter"><label class="check"><input type="checkbox" checked=${chosen} onChange=${toggle} aria-label=${`Choose ${letter.id}`} /></label>
    <div><p><b class="bad-text">${letter.reason.replaceAll('_', ' ')}</b> ${letter.function && html`<code title=${letter.function}>${shortFunction(letter.function)}</code>`}</p>
      <p>${letter.text}</p>
      <p class="note">${facts.filter(Boolean).join(', ')}${letter.at && html`, <span title=${exact(letter.at)}>${clock(letter.at)}</span>`}</p>
      ${letter.arguments != null && html`<p class="labelled"><span>first arguments</span><code>${letter.arguments}</code></p>`}
      ${letter.evidence && html`<details><summary>Evidence</summary><${Evidence} error=${letter.evidence} /></details>`}</div></li>`;
}

/** "1/3/0" in words: attempts, children lost, hosts lost. */
function spent(text) {
  const [attempts, children, hosts] = String(text).split('/').map(Number);
  return [plural(attempts, 'attempt'), children > 0 && plural(children, 'child lost', 'children lost'), hosts > 0 && plural(hosts, 'host lost', 'hosts lost')]
    .filter(Boolean).join(', ');
}

/** What a redrive did, and why it left some. */
const redriven = ({ redriven: done = 0, noTask, atMostOnce }) => [
  `${plural(done, 'message')} went back to the queue.`,
  noTask > 0 && `${plural(noTask, 'message')} stayed: not a task.`,
  atMostOnce > 0 && `${plural(atMostOnce, 'message')} stayed: must not run twice.`,
].filter(Boolean).join(' ');
