// The top of the page: where one is, and the state of the pool in one sentence with its age.
import { html, useEffect, useRef, useState } from './dom.js';
import { send } from './api.js';
import { calm } from './palette.js';
import { STALE_MS } from './live.js';
import { count, seconds } from './format.js';

const VIEWS = [['Now', '#/', ''], ['Jobs', '#/jobs', 'jobs'], ['Doctor', '#/doctor', 'doctor'], ['Dead letters', '#/dead', 'dead']];

export function Header({ live, section, signedIn, onSignedOut }) {
  const last = useRef(null); // the former view's header, until the new one has its own
  last.current = live?.get('header') || last.current;
  const header = last.current;
  return html`<header class="top">
    <div class="bar">
      <a class="brand" href="#/" aria-label=${header ? `Warren, pool ${header.pool}` : 'Warren'}>
        <img src="/assets/icon.svg" alt="" width="26" height="26" /><b>Warren</b>
        <span class="pool">${header?.pool || ''}</span></a>
      <nav aria-label="Views">${VIEWS.map(([label, href, name]) => html`
        <a key=${name} href=${href} aria-current=${name === section ? 'page' : null}>${label}${
          name === 'dead' && header?.dead > 0 && html`<span class="badge">${count(header.dead)}</span>`}</a>`)}</nav>
      ${signedIn && html`<button type="button" class="quiet" onClick=${() => signOut(onSignedOut)}>Sign out</button>`}
    </div>
    <${Sentence} header=${header} live=${live} />
  </header>`;
}

async function signOut(done) {
  await send('DELETE', '/session').catch(() => {});
  done();
}

/** One sentence, and how old it is. */
function Sentence({ header, live }) {
  const age = useAge(live);
  const stale = age == null ? live?.attempts > 0 : age > STALE_MS;
  const level = stale ? 'stale' : header?.level || 'none';
  return html`<div class=${'sentence level-' + level}>
    <p><i class="dot" aria-hidden="true"></i><span>${header ? header.sentence : waiting(live)}</span></p>
    ${header && age != null && html`<p class="age">${`Data ${seconds(age / 1000)} old`}</p>`}
  </div>`;
}

function waiting(live) {
  if (live?.problem) return 'No live data.';
  return live?.attempts > 0 ? 'The coordinator cannot be reached; trying again.' : 'Connecting to the coordinator.';
}

/** The age of what is shown; counts on between messages. */
function useAge(live) {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setTurn((n) => n + 1), calm.matches ? 1000 : 200);
    return () => clearInterval(timer);
  }, []);
  return live ? live.age() : null;
}
