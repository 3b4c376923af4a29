// Asks for the coordinator's token once; the browser then has a cookie that no script can read.
import { html, useEffect, useRef, useState } from './dom.js';
import { send } from './api.js';
import { sentence } from './parts.js';

export function SignIn({ onSignedIn }) {
  const [problem, setProblem] = useState('');
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const submit = async (event) => {
    event.preventDefault();
    const token = field.current.value.trim();
    try {
      await send('POST', '/session', { json: { token } });
      onSignedIn();
    } catch (failure) {
      setProblem(failure.message);
    }
  };
  return html`<main id="main" class="signin">
    <form onSubmit=${submit}>
      <img src="/assets/icon.svg" alt="" width="56" height="56" />
      <h1>Sign in to Warren</h1>
      <label for="token">Token of this coordinator</label>
      <input id="token" type="password" autocomplete="current-password" required ref=${field}
        aria-describedby="token-note" aria-invalid=${problem ? 'true' : null} />
      <p id="token-note" class=${problem ? 'bad-text' : 'note'} role=${problem ? 'alert' : null}>${
        problem ? sentence(problem) : 'It is in the file that was given with --token-file.'}</p>
      <button class="primary">Sign in</button>
    </form></main>`;
}
