// Runs in every page before its own scripts: notes what must not happen, and when the page is there.
window.watched = { violations: [], errors: [], shifts: [], frames: 0, firstView: null };
document.addEventListener('securitypolicyviolation', (event) => watched.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
addEventListener('error', (event) => watched.errors.push(event.message));
addEventListener('unhandledrejection', (event) => watched.errors.push(String(event.reason)));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) {
      const moved = entry.sources.map((source) => source.node?.textContent?.slice(0, 40) ?? '?');
      watched.shifts.push({ at: Math.round(entry.startTime), value: entry.value, moved });
    }
  }
}).observe({ type: 'layout-shift', buffered: true });
new MutationObserver((changes, observer) => {
  if (document.querySelector('main canvas, main .numbers, main .jobs, main .empty')) {
    watched.firstView = performance.now();
    observer.disconnect();
  }
}).observe(document, { childList: true, subtree: true });
const Source = EventSource;
window.EventSource = class extends Source {
  constructor(url) {
    super(url);
    for (const event of ['state', 'delta', 'tick']) this.addEventListener(event, () => { watched.frames++; });
  }
};
