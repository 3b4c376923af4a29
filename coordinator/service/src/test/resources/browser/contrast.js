// Returns the texts of the page whose contrast with what is behind them is below 4.5 to 1.
const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
function colour(text) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}
const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
function luminance(rgb) {
  const [r, g, b] = rgb.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const ancestors = (element) => { const all = []; for (let e = element; e; e = e.parentElement) all.push(e); return all; };
function background(element) {
  return ancestors(element).map((e) => colour(getComputedStyle(e).backgroundColor)).reverse().reduce((below, top) => over(top, below), [255, 255, 255]);
}
const found = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode.data.trim();
  const element = texts.currentNode.parentElement;
  if (!text || element.closest('.hidden, dialog:not([open]), :disabled, noscript, script') || !element.getBoundingClientRect().width) continue;
  const behind = background(element);
  const opacity = ancestors(element).reduce((all, e) => all * Number(getComputedStyle(e).opacity), 1);
  const [r, g, b, a] = colour(getComputedStyle(element).color);
  const [light, dark] = [luminance(over([r, g, b, a * opacity], behind)), luminance(behind)].sort((x, y) => y - x);
  const ratio = (light + 0.05) / (dark + 0.05);
  if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
}
return found;
