// The view library (preact with htm), under the names that this page uses.
export {
  html, render, useEffect, useLayoutEffect, useMemo, useRef, useState,
} from './standalone.module.js';
