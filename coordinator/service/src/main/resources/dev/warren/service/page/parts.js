// Small parts that several views share.
import { html, useState } from './dom.js';
import { announce } from './actions.js';

/** A section with a heading. */
export const Panel = ({ title, note, children, kind = '' }) => html`
  <section class=${'panel ' + kind} aria-label=${title}>
    <header class="panel-head"><h2>${title}</h2>${note && html`<span class="note">${note}</span>`}</header>
    ${children}
  </section>`;

/** A state, with a mark whose shape differs so that colour is not needed. */
export const State = ({ state }) => html`<span class=${'state state-' + state}><i aria-hidden="true"></i>${state}</span>`;

/** What to do when there is nothing to show. */
export const Empty = ({ title, children, command }) => html`
  <div class="empty"><p class="empty-title">${title}</p>${children && html`<p>${children}</p>`}
    ${command && html`<${Command} text=${command} />`}</div>`;

/** A command that can be copied. */
export function Command({ text }) {
  return html`<div class="command"><code tabindex="0">${text}</code><${Copy} text=${text} label="Copy" /></div>`;
}

/** A button that copies a text. */
export function Copy({ text, label = 'Copy' }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    const copied = await toClipboard(text);
    announce(copied ? 'Copied.' : 'This browser does not let a page copy; select the text instead.');
    setDone(copied);
    setTimeout(() => setDone(false), 1500);
  };
  return html`<button type="button" class="small" onClick=${copy}>${done ? 'Copied' : label}</button>`;
}

async function toClipboard(text) {
  if (navigator.clipboard) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* the other way, then */ }
  }
  const area = Object.assign(document.createElement('textarea'), { value: text, className: 'hidden' });
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

/** What went wrong while something was loaded; a coordinator that lacks the path is no error. */
export function Problem({ problem, what }) {
  if (problem.unknownPath) {
    return html`<div class="empty"><p class="empty-title">Not available here.</p>
      <p>This coordinator does not offer ${what} yet. A newer version of Warren does.</p></div>`;
  }
  const kind = problem.status === 404 ? '' : 'bad'; // what is gone is often good news, such as a cause without calls
  return html`<div class=${`empty ${kind}`} role="alert"><p class="empty-title">${sentence(problem.message)}</p></div>`;
}

/** A sentence as the API gives it, with a capital and a full stop. */
export const sentence = (text) => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(whole) ? whole : whole + '.';
};

/** While something is loaded for the first time. */
export const Loading = ({ rows = 3 }) => html`
  <div class="loading" aria-label="Loading">${Array.from({ length: rows }, (_, i) => html`<i key=${i}></i>`)}</div>`;

/** A bar that is filled by a share of 0 to 1. */
export const Meter = ({ share, kind = '', label }) => html`
  <span class=${'meter ' + kind} role="img" aria-label=${label}>
    <i style=${{ transform: `scaleX(${Math.min(1, Math.max(0, share || 0))})` }}></i></span>`;
