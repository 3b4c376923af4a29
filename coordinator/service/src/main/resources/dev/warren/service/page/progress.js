// How far a job is: a bar in segments, what each number counts, and an estimate with its range.
import { html } from './dom.js';
import { count, millis, percent, plural, range, rate, seconds } from './format.js';

/** What the segments count. */
const MEANING = {
  ok: ['ok', 'returned a value'],
  failed: ['failed', 'ended without a value'],
  cancelled: ['cancelled', 'will not run'],
  running: ['running', 'in a child process now'],
  queued: ['queued', 'published, waiting for a worker'],
  unread: ['unread', 'stored, not yet published'],
};

/** A bar whose segments are as long as their counts. */
export function Bar({ parts, label, large }) {
  return html`<div class=${'segments' + (large ? ' large' : '')} role="img" aria-label=${`${label}: ${parts.filter(([, n]) => n > 0).map(([kind, n]) => `${count(n)} ${MEANING[kind][0]}`).join(', ') || 'none'}`}>
    ${parts.map(([kind, n]) => html`<i key=${kind} class=${'seg seg-' + kind} hidden=${!(n > 0)} style=${{ flexGrow: Math.max(0, n) }}></i>`)}</div>`;
}

export function Progress({ progress, state }) {
  const p = progress;
  const done = p.succeeded + p.failed + p.cancelled;
  const parts = [['ok', p.succeeded], ['failed', p.failed], ['cancelled', p.cancelled], ['running', p.running], ['queued', p.queued], ['unread', p.unread]];
  return html`<section class="panel" aria-label="Progress">
    <p class="big"><b>${percent(done, p.calls)}</b> <span class="count" style=${{ minWidth: `${count(p.calls).length}ch` }}>${count(done)}</span> of ${plural(p.calls, 'call')} ${p.calls === 1 ? 'has' : 'have'} an outcome</p>
    <${Bar} parts=${parts} label="Calls" large=${true} />
    <dl class="numbers">${parts.map(([kind, n]) => html`<div key=${kind}>
      <dt><i class=${'key seg-' + kind} aria-hidden="true"></i>${MEANING[kind][0]}</dt><dd>${count(n)}</dd><dd class="note">${MEANING[kind][1]}</dd></div>`)}</dl>
    <dl class="numbers times">
      <div class="estimate"><dt>To go</dt><dd>${toGo(p, state)}</dd><dd class="note">${whyNot(p, state)}</dd></div>
      <div><dt>Rate</dt><dd>${rate(p.perSecond)}<small>/s</small></dd><dd class="note">outcomes, recently</dd></div>
      <div><dt>Call time</dt><dd>${p.p50Millis ? millis(p.p50Millis) : '–'}</dd><dd class="note">${p.p95Millis ? `median; 95 % took at most ${millis(p.p95Millis)}` : 'not measured yet'}</dd></div>
      <div><dt>Elapsed</dt><dd>${seconds(p.elapsedSeconds)}</dd><dd class="note">since it was submitted</dd></div></dl>
  </section>`;
}

function toGo(p, state) {
  if (['succeeded', 'failed', 'cancelled'].includes(state)) return 'ended';
  if (state === 'paused') return 'paused';
  return p.estimate ? range(p.estimate) : 'no estimate yet';
}

const whyNot = (p, state) => {
  if (p.review) return p.review;
  if (p.estimate) return 'if it goes on as it did';
  return ['running', 'paused'].includes(state) ? p.estimateWhy || '' : '';
};
