// The view Now: what every slot of the pool does at this moment.
import { html, useRef } from './dom.js';
import { MAX_ROWS, SlotBoard, SlotTable } from './slots.js';
import { SlotPanel, readSlot } from './slotpanel.js';
import { JobList, Outcomes, TopCauses } from './summary.js';
import { Empty, Loading, Panel } from './parts.js';
import { plural } from './format.js';

/** Rows keep their order for this long, so that they can be read. */
const ORDER_MS = 5000;

export function NowView({ live, route }) {
  const legend = live?.get('legend');
  const workers = useOrder(live ? live.list('worker/').map(([, worker]) => worker) : []);
  const selected = readSlot(route.query.get('slot'));
  const seen = live?.get(`worker/${selected?.id}`)?.at;
  if (!legend) return html`<h1 class="hidden">Now</h1><${Loading} rows=${8} />`;
  return html`<h1 class="hidden">Now</h1>
    <div class="columns">
      <${Panel} title="Slots" kind="wide" note=${workers.length > 0 && plural(workers.length, 'worker')}>
        ${!workers.length && html`<${NoWorkers} header=${live.get('header')} />`}
        ${workers.length > 0 && html`<${Legend} strips=${workers.length > MAX_ROWS} />
          <${SlotBoard} workers=${workers} legend=${legend} selected=${selected} /><${SlotTable} workers=${workers} />`}
      <//>
      <div class="rail">
        <${Outcomes} outcomes=${live?.get('outcomes')} /><${JobList} jobs=${live?.get('jobs')} /><${TopCauses} causes=${live?.get('causes')} />
      </div>
    </div>
    ${selected && html`<${SlotPanel} selected=${selected} seen=${seen} jobs=${live.get('jobs')} />`}`;
}

function NoWorkers({ header }) {
  if (header && header.broker !== 'fine') {
    return html`<${Empty} title="No worker is heard.">While the broker is ${header.broker.replace(/:.*/, '')}, no heartbeat arrives.
      Workers keep running, and show up here when the broker is back.<//>`;
  }
  return html`<${Empty} title="No worker is connected." command=${`warren worker --broker amqp://HOST --pool ${header?.pool || 'default'}`}>
    Start one, on this host or on another; it shows up here within seconds. Its slots are its child processes.<//>`;
}

const Legend = ({ strips }) => html`<ul class="legend" aria-label="What the cells mean">
  ${[['busy', 'busy'], ['idle', 'idle'], ['starting', 'starting'], ['leaving', 'leaving'], ['empty', 'no child']].map(([kind, label]) => html`
    <li key=${kind}><i class=${'key key-' + kind} aria-hidden="true"></i>${label}</li>`)}
  ${!strips && html`<li><i class="key key-height" aria-hidden="true"></i>height: calls done until recycled</li>
    <li><i class="key key-memory" aria-hidden="true"></i>lower edge: memory of its limit</li>`}
  <li><i class="key key-flash" aria-hidden="true"></i>child lost or killed</li></ul>`;

/** Workers with the most troubled first; sorted again only now and then, or when one comes or goes. */
function useOrder(workers) {
  const order = useRef({ at: 0, ids: [] });
  const now = performance.now();
  const known = new Map(order.current.ids.map((id, i) => [id, i]));
  const same = workers.length === known.size && workers.every((worker) => known.has(worker.id));
  if (same && now - order.current.at < ORDER_MS) {
    return workers.sort((a, b) => known.get(a.id) - known.get(b.id));
  }
  workers.sort((a, b) => b.trouble - a.trouble || a.host.localeCompare(b.host, undefined, { numeric: true }) || (a.id < b.id ? -1 : 1));
  order.current = { at: now, ids: workers.map((worker) => worker.id) };
  return workers;
}
