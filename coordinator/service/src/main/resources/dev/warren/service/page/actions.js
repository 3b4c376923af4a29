// Things that change something: a button, a question in a dialog, and the result in a message
// that screen readers announce.
import { html, useEffect, useRef, useState } from './dom.js';
import { jobPath, send } from './api.js';
import { count, plural } from './format.js';

const messages = new EventTarget();

/** Shows a message for a while. */
export function announce(text, kind = 'ok') {
  messages.dispatchEvent(new CustomEvent('message', { detail: { text, kind } }));
}

/** Where messages appear; once per page. */
export function Messages() {
  const [message, setMessage] = useState(null);
  useEffect(() => {
    let timer;
    const show = ({ detail }) => {
      clearTimeout(timer);
      setMessage(detail);
      timer = setTimeout(() => setMessage(null), detail.kind === 'bad' ? 12000 : 5000);
    };
    messages.addEventListener('message', show);
    return () => messages.removeEventListener('message', show);
  }, []);
  return html`<div class="messages" role="status" aria-live="polite">
    ${message && html`<p class=${'message ' + message.kind}>${message.text}</p>`}</div>`;
}

/**
 * A button that asks before it acts.
 *
 * @param ask {title, text, yes}: the question; none if the action is harmless
 * @param run does it, and returns the sentence that says so
 */
export function Action({ label, kind = '', ask, run, disabled, why }) {
  const dialog = useRef(null);
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      announce(await run());
    } catch (problem) {
      announce(problem.message, 'bad');
    } finally {
      setBusy(false);
      dialog.current?.close();
    }
  };
  return html`<button type="button" class=${kind} disabled=${disabled || busy} title=${why || null}
      onClick=${() => (ask ? dialog.current.showModal() : act())}>${label}</button>
    ${ask && html`<dialog ref=${dialog} aria-label=${ask.title}
        onClick=${(event) => event.target === dialog.current && dialog.current.close()}>
      <div class="dialog"><h2>${ask.title}</h2><p>${ask.text}</p>
        <div class="actions"><button type="button" onClick=${() => dialog.current.close()}>Back</button>
          <button type="button" class=${kind || 'primary'} disabled=${busy} onClick=${act}>${ask.yes || label}</button></div>
      </div></dialog>`}`;
}

const ENDED = ['succeeded', 'failed', 'cancelled'];
export const hasEnded = (state) => ENDED.includes(state);

/** What can be done with a job in its state. */
export function JobActions({ job }) {
  const { name, state } = job;
  const left = job.failed + job.cancelled;
  const post = (what, done) => async () => {
    await send('POST', jobPath(name, '/' + what));
    return done;
  };
  return html`<div class="actions">
    ${state === 'running' && html`<${Action} key="pause" label="Pause" run=${post('pause', `${name} pauses: no further calls are published.`)} />`}
    ${state === 'paused' && html`<${Action} key="resume" label="Resume" kind="primary" run=${post('resume', `${name} goes on.`)} />`}
    ${(state === 'running' || state === 'paused') && html`<${Action} key="cancel" label="Cancel" kind="danger"
      run=${post('cancel', `${name} is being cancelled.`)}
      ask=${{ title: `Cancel ${name}?`, yes: 'Cancel the job', text: `${plural(job.calls - job.succeeded - left, 'call')} without an outcome will not run. Values that still arrive are kept.` }} />`}
    ${hasEnded(state) && left > 0 && html`<${RetryActions} key="retry" job=${name} calls=${left} />`}
    ${hasEnded(state) && html`<${Action} key="delete" label="Delete" kind="danger"
      run=${async () => { await send('DELETE', jobPath(name)); location.hash = '#/jobs'; return `${name} was deleted.`; }}
      ask=${{ title: `Delete ${name}?`, yes: 'Delete the job', text: `Its input and the outcomes of ${plural(job.calls, 'call')} are removed. This cannot be undone.` }} />`}
  </div>`;
}

/** Retries calls of an ended job: all of them, or the first one as a canary. */
export function RetryActions({ job, calls, cause, disabled, why }) {
  const retry = (canary) => async () => {
    const query = new URLSearchParams({ ...(cause && { cause }), ...(canary && { canary: true }) });
    await send('POST', jobPath(job, `/retry${query.size ? '?' + query : ''}`));
    return canary ? 'One call runs again; the others wait for your decision.' : `${plural(calls, 'call')} of ${job} run again.`;
  };
  const these = cause ? 'calls that failed with this cause' : 'calls without a value';
  return html`
    <${Action} label="Canary retry" kind="primary" disabled=${disabled} why=${why} run=${retry(true)}
      ask=${{ title: 'Retry one call first?', yes: 'Retry one call', text: `The first of ${count(calls)} ${these} runs again. If it succeeds, retry the rest.` }} />
    <${Action} label=${cause ? 'Retry group' : 'Retry'} disabled=${disabled} why=${why} run=${retry(false)}
      ask=${{ title: `Retry ${plural(calls, 'call')}?`, yes: 'Retry', text: `All ${these} run again. Their history stays.` }} />`;
}
