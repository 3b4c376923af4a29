// The colours of canvases, read from the style sheet so that light and dark are defined once.
import { useEffect, useLayoutEffect, useState } from './dom.js';

const NAMES = [
  'surface', 'text', 'muted', 'line', 'track', 'accent', 'focus',
  'busy', 'ok', 'ok-soft', 'bad', 'warn', 'idle', 'leave', 'queued', 'unread', 'cancelled',
];
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the user asked for less motion. */
export const calm = matchMedia('(prefers-reduced-motion: reduce)');

function read() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue('--' + name).trim()]));
}

/** The palette, a new object whenever it changes. */
export function usePalette() {
  const [palette, setPalette] = useState(read);
  useEffect(() => {
    const changed = () => setPalette(read());
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  return palette;
}

/** "#rrggbb" as [r, g, b]. */
export const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/** Sizes a canvas for the resolution of the display; its context, in CSS pixels, cleared. */
export function prepare(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** The width of an element, as state of a component; known before the component is first shown. */
export function useWidth(ref) {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measure = () => ref.current && setWidth(Math.floor(ref.current.clientWidth));
    const observer = new ResizeObserver(() => requestAnimationFrame(measure));
    observer.observe(ref.current);
    measure();
    return () => observer.disconnect();
  }, []);
  return width;
}
