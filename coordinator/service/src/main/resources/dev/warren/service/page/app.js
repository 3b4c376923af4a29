// The page: chooses the view that the address names, and opens its live data.
import { html, render, useEffect, useRef, useState } from './dom.js';
import { session } from './api.js';
import { useLive } from './live.js';
import { parse, useRoute } from './route.js';
import { Header } from './header.js';
import { Messages } from './actions.js';
import { Problem } from './parts.js';
import { NowView } from './now.js';
import { SignIn } from './signin.js';

/** Views other than Now are loaded when they are first needed, or when the browser has nothing to do. */
const LAZY = {
  jobs: () => import('./jobs.js').then((module) => module.JobsView),
  job: () => import('./job.js').then((module) => module.JobView),
  cause: () => import('./cause.js').then((module) => module.CauseView),
  call: () => import('./call.js').then((module) => module.CallView),
  dead: () => import('./dead.js').then((module) => module.DeadView),
  doctor: () => import('./doctor.js').then((module) => module.DoctorView),
};

/** The view of a route: its name, its live data, whether it can do without, and a title. */
function viewOf([section, job, part, id]) {
  if (!section) return { name: 'now', live: 'now', title: 'Now' };
  if (section === 'dead') return { name: 'dead', live: 'jobs', alone: true, title: 'Dead letters' };
  if (section === 'doctor') return { name: 'doctor', live: 'jobs', alone: true, title: 'Doctor' };
  if (section !== 'jobs') return { name: 'none', live: 'jobs', alone: true, title: 'Not found' };
  if (!job) return { name: 'jobs', live: 'jobs', title: 'Jobs' };
  if (part === 'causes' && id) return { name: 'cause', live: `cause:${job}:${id}`, title: `Cause in ${job}` };
  if (part === 'calls' && id) return { name: 'call', live: 'jobs', alone: true, title: `Call ${id} of ${job}` };
  return { name: 'job', live: `job:${job}`, title: job };
}

const loaded = { now: NowView, none: () => NotFound() };

/** The component of a view, or null while it is loaded. */
function useComponent(name) {
  const [, setTurn] = useState(0);
  useEffect(() => {
    if (!loaded[name]) {
      LAZY[name]().then((component) => {
        loaded[name] = component;
        setTurn((n) => n + 1);
      });
    }
  }, [name]);
  return loaded[name] || null;
}

function loadTheRest() {
  for (const [name, load] of Object.entries(LAZY)) load().then((component) => { loaded[name] = component; });
}

const NotFound = () => html`<div class="empty"><p class="empty-title">There is no such view.</p><p><a href="#/">Go to Now</a></p></div>`;

function App() {
  const route = useRoute();
  const view = viewOf(route.path);
  const [signedIn, setSignedIn] = useState(() => sessionStorage.getItem('signedIn') === '1');
  const [needed, setNeeded] = useState(false);
  useEffect(() => {
    const ask = () => setNeeded(true);
    session.addEventListener('needed', ask);
    return () => session.removeEventListener('needed', ask);
  }, []);
  useEffect(() => { document.title = `${view.title} · Warren`; }, [view.title]);
  if (needed) {
    return html`<${SignIn} onSignedIn=${() => {
      sessionStorage.setItem('signedIn', '1');
      setSignedIn(true);
      setNeeded(false);
    }} />`;
  }
  return html`<${Shell} route=${route} view=${view} signedIn=${signedIn}
    onSignedOut=${() => { sessionStorage.removeItem('signedIn'); setSignedIn(false); setNeeded(true); }} />`;
}

/** Header, view and messages; exists only while the coordinator lets this browser in. */
function Shell({ route, view, signedIn, onSignedOut }) {
  const live = useLive(view.live);
  const component = useComponent(view.name);
  const key = route.path.join('/');
  const former = useRef(key);
  useEffect(() => { // whoever follows a link by keyboard goes on in the new view
    if (former.current !== key) document.getElementById('main').focus({ preventScroll: true });
    if (former.current !== key) scrollTo(0, 0);
    former.current = key;
  }, [key]);
  return html`<${Header} live=${live} section=${route.path[0] || ''} signedIn=${signedIn} onSignedOut=${onSignedOut} />
    <main id="main" tabindex="-1">
      ${live?.problem && !view.alone
        ? html`<${Problem} problem=${live.problem} what="live data" />`
        : component && html`<${component} key=${key} live=${live} route=${route} />`}
    </main>
    <footer><a href="/api/v1/openapi.yaml">API</a> · Warren ${live?.get('header')?.version || ''}</footer>
    <${Messages} />`;
}

// The skip link must not become the address of a view.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main')?.focus();
});
LAZY[viewOf(parse(location.hash).path).name]?.(); // its modules arrive while the rest starts
render(html`<${App} />`, document.getElementById('app'));
(window.requestIdleCallback || setTimeout)(loadTheRest, { timeout: 3000 });
