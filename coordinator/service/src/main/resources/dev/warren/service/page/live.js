// What the coordinator pushes: a view is a map from keys to values, replaced by a "state" and
// changed by each "delta". A component is drawn at most once per frame of the display, however
// many messages arrive. A hidden tab is disconnected.
import { useEffect, useState } from './dom.js';
import { ApiError, PREFIX, problemOf } from './api.js';

/** A view is stale, and its age is greyed, after this time without a message. */
export const STALE_MS = 3000;
/** A connection without a message for this long is closed and opened again. */
const DEAD_MS = 8000;
const MAX_WAIT_MS = 10000;

export class Live {
  constructor(view, changed) {
    this.view = view;
    this.changed = changed;
    this.values = new Map();
    this.receivedAt = 0; // by performance.now(); 0 before the first message
    this.problem = null;
    this.attempts = 0;
    this.visibility = () => (document.hidden ? this.disconnect() : this.connect());
  }

  open() {
    document.addEventListener('visibilitychange', this.visibility);
    this.watch = setInterval(() => this.checkAlive(), 1000);
    if (!document.hidden) this.connect();
  }

  close() {
    document.removeEventListener('visibilitychange', this.visibility);
    clearInterval(this.watch);
    this.disconnect();
    this.changed = () => {};
  }

  get(key) {
    return this.values.get(key);
  }

  /** Values whose keys start with this, in the order of their keys' numbers. */
  list(prefix) {
    const found = [];
    for (const [key, value] of this.values) {
      if (key.startsWith(prefix)) found.push([key.slice(prefix.length), value]);
    }
    return found;
  }

  /** Age of what is shown, in milliseconds, or null if there is nothing yet. */
  age() {
    const header = this.get('header');
    return this.receivedAt && header ? performance.now() - this.receivedAt + header.ageMillis : null;
  }

  connect() {
    this.disconnect();
    const source = new EventSource(`${PREFIX}/stream?view=${encodeURIComponent(this.view)}`);
    this.source = source;
    this.connectedAt = performance.now();
    const on = (event, apply) => source.addEventListener(event, (message) => this.receive(source, message, apply));
    on('state', (data) => { this.values = new Map(Object.entries(data.set)); });
    on('delta', (data) => {
      for (const key of data.del || []) this.values.delete(key);
      for (const key in data.set) this.values.set(key, data.set[key]);
    });
    on('tick', () => {});
    source.addEventListener('problem', (message) => {
      const problem = JSON.parse(message.data);
      this.end(new ApiError(problem.status, problem.detail));
    });
    source.addEventListener('error', () => this.lost(source));
  }

  receive(source, message, apply) {
    if (source !== this.source) return;
    apply(JSON.parse(message.data));
    this.receivedAt = performance.now();
    this.attempts = 0;
    this.problem = null;
    this.changed();
  }

  disconnect() {
    this.source?.close();
    this.source = null;
    clearTimeout(this.retry);
  }

  end(problem) {
    this.disconnect();
    this.problem = problem;
    this.changed();
  }

  checkAlive() {
    const last = Math.max(this.receivedAt, this.connectedAt || 0);
    if (this.source && performance.now() - last > DEAD_MS) this.lost(this.source);
  }

  /** Tries again, after twice the time of the last attempt; first asks why, if nothing ever came. */
  lost(source) {
    if (source !== this.source) return;
    this.disconnect();
    const wait = Math.min(MAX_WAIT_MS, 500 * 2 ** this.attempts++) * (0.75 + Math.random() / 2);
    this.retry = setTimeout(() => this.connect(), wait);
    if (this.receivedAt < this.connectedAt) this.askWhy();
  }

  /** An EventSource hides the status of a refused request, so this sends it once more. */
  async askWhy() {
    const stop = new AbortController();
    try {
      const answer = await fetch(`${PREFIX}/stream?view=${encodeURIComponent(this.view)}`, { signal: stop.signal });
      if (answer.status >= 400 && answer.status < 500) this.end(await problemOf(answer));
    } catch { /* not reachable: the next attempt is already planned */ }
    stop.abort();
  }
}

/** The live view of this name, as state of a component. */
export function useLive(view) {
  const [, setTurn] = useState(0);
  const [live, setLive] = useState(null);
  useEffect(() => {
    let frame = 0;
    const draw = () => {
      frame ||= requestAnimationFrame(() => { frame = 0; setTurn((n) => n + 1); });
    };
    const opened = new Live(view, draw);
    opened.open();
    setLive(opened);
    return () => { cancelAnimationFrame(frame); opened.close(); };
  }, [view]);
  return live && live.view === view ? live : null;
}
