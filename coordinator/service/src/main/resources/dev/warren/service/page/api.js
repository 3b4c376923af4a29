// Requests to the API. An error has the sentence that the coordinator gave.
import { useEffect, useState } from './dom.js';

export const PREFIX = '/api/v1';

/** Tells the page that the coordinator wants a token. */
export const session = new EventTarget();

export class ApiError extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }

  /** Whether this coordinator does not know such a path, as an older one would not. */
  get unknownPath() {
    return this.status === 404 && /no such path/.test(this.message);
  }
}

/** Sends a request; the answer if it is a success. */
export async function send(method, path, options = {}) {
  const headers = { 'X-Warren': '1' };
  if (options.json) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(PREFIX + path, {
      method, headers, signal: options.signal,
      body: options.json ? JSON.stringify(options.json) : undefined,
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiError(0, 'The coordinator cannot be reached.');
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

/** The error that a problem document describes. */
export async function problemOf(answer) {
  if (answer.status === 401) session.dispatchEvent(new Event('needed'));
  const problem = await answer.json().catch(() => ({}));
  return new ApiError(answer.status, problem.detail || `The coordinator answered ${answer.status}.`);
}

export async function getJson(path, signal) {
  return (await send('GET', path, { signal })).json();
}

/**
 * Loads something while a component is shown: {value, problem, loading, reload}. Loads again when
 * `key` changes; the former value stays until the new one is there.
 */
export function useLoad(load, key) {
  const [state, setState] = useState({ loading: true });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    setState((former) => ({ ...former, loading: true }));
    load(stop.signal).then(
      (value) => stop.signal.aborted || setState({ value }),
      (problem) => stop.signal.aborted || setState({ problem }));
    return () => stop.abort();
  }, [key, turn]);
  return { ...state, reload: () => setTurn((n) => n + 1) };
}

export const jobPath = (name, rest = '') => `/jobs/${encodeURIComponent(name)}${rest}`;
