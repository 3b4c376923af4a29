// The address of the view: everything that can be linked to is in the hash of the URL.
import { useEffect, useState } from './dom.js';

/** Reads a hash such as #/jobs/nightly?from=100. */
export function parse(hash) {
  const text = hash.replace(/^#\/?/, '');
  const [path, query] = text.split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query || '') };
}

function decode(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

/** The hash of a view: link(['jobs', name], {from: 100}). */
export function link(path, query = {}) {
  const set = Object.entries(query).filter(([, value]) => value != null && value !== '');
  const text = new URLSearchParams(set).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text ? '?' + text : ''}`;
}

/** Changes parameters of the current view; a null removes one. */
export function setQuery(changes, replace = false) {
  const { path, query } = parse(location.hash);
  const all = { ...Object.fromEntries(query), ...changes };
  if (replace) {
    history.replaceState(null, '', link(path, all));
    dispatchEvent(new HashChangeEvent('hashchange'));
  } else {
    location.hash = link(path, all);
  }
}

/** The current route, as state of a component. */
export function useRoute() {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const changed = () => {
      if (location.hash !== '#main') setRoute(parse(location.hash));
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return route;
}
