// Calls per second over time. The chart library is loaded when the first chart is shown.
import { html, useEffect, useRef, useState } from './dom.js';
import { usePalette, useWidth } from './palette.js';
import { Panel } from './parts.js';
import { clock, rate } from './format.js';

const HEIGHT = 190;
let library;

function load() {
  library ||= new Promise((loaded, failed) => {
    const script = document.createElement('script');
    script.src = '/assets/uPlot.iife.min.js';
    script.onload = () => loaded(window.uPlot);
    script.onerror = failed;
    document.head.append(script);
  });
  return library;
}

/** @param blocks the history: blocks of points [epochSecond, callsPerSecond], by number */
export function RateChart({ blocks }) {
  const place = useRef(null);
  const chart = useRef(null);
  const width = useWidth(place);
  const palette = usePalette();
  const [hovered, setHovered] = useState(null);
  const points = blocks.sort((a, b) => a[0] - b[0]).flatMap(([, block]) => block);
  const series = [points.map((point) => point[0]), points.map((point) => point[1])];
  const last = points.length ? points[points.length - 1] : null;
  const shown = hovered != null && points[hovered] ? points[hovered] : null;

  useEffect(() => {
    if (!width) return undefined;
    let gone = false;
    load().then((UPlot) => {
      if (!gone) chart.current = new UPlot(options(width, palette, setHovered), series, place.current);
    });
    return () => { gone = true; chart.current?.destroy(); chart.current = null; };
  }, [width > 0, palette]);
  useEffect(() => { if (width) chart.current?.setSize({ width, height: HEIGHT }); }, [width]);
  useEffect(() => { chart.current?.setData(series); }, [points.length, last?.[0], last?.[1]]);

  const note = shown ? `${rate(shown[1])} per second at ${clock(shown[0] * 1000)}` : last ? `${rate(last[1])} per second at ${clock(last[0] * 1000)}` : '';
  return html`<${Panel} title="Outcomes per second" note=${note} kind="fixed">
    <div class="chart" ref=${place} role="img" aria-label=${`Outcomes per second. ${last ? `Last: ${rate(last[1])}. Highest: ${rate(Math.max(...series[1]))}.` : 'None yet.'}`}></div>
    ${points.length < 2 && html`<p class="note over">Not enough points for a line yet.</p>`}<//>`;
}

function options(width, palette, setHovered) {
  const axis = { stroke: palette.muted, font: '12px system-ui, sans-serif', grid: { stroke: palette.line, width: 1 }, ticks: { show: false } };
  return {
    width, height: HEIGHT, legend: { show: false }, padding: [10, 30, 0, 0],
    cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
    scales: { y: { range: (_, low, high) => [0, Math.max(1, high * 1.12)] } },
    axes: [{ ...axis, size: 30, space: 70, values: (_, times) => times.map((t) => clock(t * 1000)) },
      { ...axis, size: 52, space: 36, values: (_, values) => values.map((v) => (v >= 10000 ? `${v / 1000}k` : rate(v))) }],
    series: [{}, { stroke: palette.busy, width: 2, fill: palette.busy + '1f', points: { show: false } }],
    hooks: { setCursor: [(plot) => setHovered(plot.cursor.idx)] },
  };
}
