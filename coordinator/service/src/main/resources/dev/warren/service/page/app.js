// The page: chooses the view that the address names, and opens its live data.
import { html, render, useEffect, useState } from './dom.js';
import { session } from './api.js';
import { useLive } from './live.js';
import { useRoute } from './route.js';
import { Header } from './header.js';
import { Messages } from './actions.js';
import { Problem } from './parts.js';
import { NowView } from './now.js';
import { JobsView } from './jobs.js';
import { JobView } from './job.js';
import { CauseView } from './cause.js';
import { CallView } from './call.js';
import { DeadView } from './dead.js';
import { DoctorView } from './doctor.js';
import { SignIn } from './signin.js';

/** The view of a route: its component, its live data, and a title. */
function viewOf([section, name, part, id]) {
  if (!section) return { component: NowView, live: 'now', title: 'Now' };
  if (section === 'dead') return { component: DeadView, live: 'jobs', title: 'Dead letters' };
  if (section === 'doctor') return { component: DoctorView, live: 'jobs', title: 'Doctor' };
  if (section !== 'jobs') return { component: NotFound, live: 'jobs', title: 'Not found' };
  if (!name) return { component: JobsView, live: 'jobs', title: 'Jobs' };
  if (part === 'causes' && id) return { component: CauseView, live: `cause:${name}:${id}`, title: `Cause in ${name}` };
  if (part === 'calls' && id) return { component: CallView, live: 'jobs', title: `Call ${id} of ${name}` };
  return { component: JobView, live: `job:${name}`, title: name };
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
  const key = route.path.join('/');
  return html`<${Header} live=${live} section=${route.path[0] || ''} signedIn=${signedIn} onSignedOut=${onSignedOut} />
    <main id="main" tabindex="-1">
      ${live?.problem
        ? html`<${Problem} problem=${live.problem} what="live data" />`
        : html`<${view.component} key=${key} live=${live} route=${route} />`}
    </main>
    <footer>Warren ${live?.get('header')?.version || ''} · <a href="/api/v1/openapi.yaml">API</a></footer>
    <${Messages} />`;
}

// The skip link must not become the address of a view.
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  document.getElementById('main')?.focus();
});
render(html`<${App} />`, document.getElementById('app'));
