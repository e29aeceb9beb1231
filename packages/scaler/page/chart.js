/** A picture of one service's replicas over time: wanted as a line, running as an area, decisions as marks. */

const SVG = 'http://www.w3.org/2000/svg';
const SIZE = { width: 360, height: 132, left: 24, right: 8, top: 12, bottom: 20 };

/** Steps of wanted and running, oldest first: looks at Docker, and before them what activities tell. */
function stepsOf(series, activities) {
  const firstMs = series[0]?.atMs ?? Infinity;
  const changes = activities.filter(
    ({ from, to, atMs }) => from !== undefined && to !== undefined && atMs < firstMs,
  );
  // Of the time before the first change nothing is known, so no line is drawn.
  const early = changes.flatMap(({ atMs, from, to }) => [
    { atMs: atMs - 1, wanted: from },
    { atMs, wanted: to },
  ]);
  const exact = activities.filter(({ from, to, atMs }) => from !== to && to !== undefined && atMs >= firstMs);
  const late = [...series, ...exact.map(({ atMs, to }) => ({ atMs, wanted: to }))];
  return [...early, ...late].sort((a, b) => a.atMs - b.atMs);
}

function create(name, attributes, parent, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  parent.append(element);
  return element;
}

/** The mark's class and shape: a triangle in the direction of a change, a dot for everything else. */
export function markKind({ outcome, from, to }) {
  if (outcome === 'restored' || outcome === 'raised') return outcome;
  if (outcome === 'failed') return 'failed';
  if (from !== undefined && to !== undefined && from !== to) return to > from ? 'up' : 'down';
  return 'held';
}

function markPath(x, y, { from, to }) {
  if (from === to || from === undefined) return `M${x - 4},${y} a4,4 0 1,0 8,0 a4,4 0 1,0 -8,0`;
  return to > from ? `M${x - 6},${y + 5} h12 l-6,-11 z` : `M${x - 6},${y - 5} h12 l-6,11 z`;
}

/** A young service is shown on a young time range: most of the picture would be empty otherwise. */
const SHORTEST_SPAN_MS = 5 * 60_000;
function spanOf(series, activities, spanMs, nowMs) {
  const firstMs = Math.min(series[0]?.atMs ?? nowMs, activities[0]?.atMs ?? nowMs);
  return Math.min(spanMs, Math.max(SHORTEST_SPAN_MS, (nowMs - firstMs) * 1.1));
}

export function drawChart({ service, series, activities, spanMs: chosenMs, nowMs, onMark }) {
  const spanMs = spanOf(series, activities, chosenMs, nowMs);
  const startMs = nowMs - spanMs;
  const steps = stepsOf(series, activities);
  const marks = activities.filter(({ atMs }) => atMs >= startMs);
  const highest = Math.max(
    service.max.value,
    service.replicas.wanted,
    1,
    ...visible(steps, startMs).map(({ wanted }) => wanted),
  );
  const top = Math.min(
    highest,
    Math.max(service.replicas.wanted * 3, 10, ...visible(steps, startMs).map(({ wanted }) => wanted)),
  );
  const { width, height, left, right, bottom } = SIZE;
  const x = (atMs) => left + ((Math.max(atMs, startMs) - startMs) / spanMs) * (width - left - right);
  const y = (count) => height - bottom - (Math.min(count, top) / top) * (height - bottom - SIZE.top);

  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'chart');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute(
    'aria-label',
    `Replicas of ${service.name} over the last ${Math.round(spanMs / 60_000)} minutes: now ${service.replicas.wanted}, ${marks.length} decisions`,
  );
  drawAxes(svg, { x, y, top, startMs, nowMs, spanMs });
  for (const [name, bound] of [
    ['min', service.min.value],
    ['max', service.max.value],
  ]) {
    if (bound > top) continue;
    create('line', { class: 'bound', x1: left, x2: width - right, y1: y(bound), y2: y(bound) }, svg);
    create('text', { x: width - right, y: y(bound) - 3, 'text-anchor': 'end' }, svg, `${name} ${bound}`);
  }
  const running = series.filter((point) => point.running !== undefined);
  const area = stepLine(running, 'running', { x, y, startMs, nowMs });
  if (area !== undefined)
    create(
      'path',
      { class: 'running', d: `${area.path} L${x(nowMs)},${y(0)} L${area.firstX},${y(0)} Z` },
      svg,
    );
  const line = stepLine(steps, 'wanted', { x, y, startMs, nowMs });
  if (line !== undefined) create('path', { class: 'wanted', d: line.path }, svg);
  for (const activity of marks) {
    const wanted = steps.findLast(({ atMs }) => atMs <= activity.atMs)?.wanted ?? service.replicas.wanted;
    drawMark(svg, activity, { x, y: y(activity.to ?? wanted), onMark });
  }
  return svg;
}

function visible(steps, startMs) {
  const before = steps.findLast(({ atMs }) => atMs < startMs);
  return [...(before ? [before] : []), ...steps.filter(({ atMs }) => atMs >= startMs)];
}

/** What lines, areas and marks of the charts mean: a list whose words wrap where the page is narrow. */
export function drawLegend() {
  const list = document.createElement('ul');
  list.className = 'legend';
  list.setAttribute('aria-label', 'What lines, areas and marks of the pictures mean');
  explain(list, 'wanted', 'line', { class: 'wanted', x1: 0, x2: 18, y1: 9, y2: 9 });
  explain(list, 'running', 'rect', { class: 'running', x: 0, y: 4, width: 18, height: 10 });
  const marks = [
    ['up', 1, 'scaled up'],
    ['down', -1, 'scaled down'],
    ['restored', 1, 'restored, or raised to the minimum'],
    ['held', 0, 'held'],
    ['failed', 0, 'failed'],
  ];
  for (const [kind, change, words] of marks)
    explain(list, words, 'path', { class: `mark ${kind}`, d: markPath(9, 9, { from: 0, to: change }) });
  return list;
}

function explain(list, words, shape, attributes) {
  const item = document.createElement('li');
  const svg = create('svg', { viewBox: '0 0 18 18', width: 18, height: 18, 'aria-hidden': 'true' }, item);
  create(shape, attributes, svg);
  item.append(words);
  list.append(item);
}

/** Each count holds until the next look; the first one reaches back to the left edge if it is older. */
function stepLine(points, field, { x, y, startMs, nowMs }) {
  const shown = visible(points, startMs);
  if (shown.length === 0) return undefined;
  const [first] = shown;
  let path = `M${x(first.atMs)},${y(first[field])}`;
  for (const point of shown.slice(1)) path += ` H${x(point.atMs)} V${y(point[field])}`;
  return { path: `${path} H${x(nowMs)}`, firstX: x(first.atMs) };
}

function drawAxes(svg, { x, y, top, startMs, nowMs, spanMs }) {
  const { width, height, left, right } = SIZE;
  const every = Math.max(1, Math.ceil(top / 4));
  for (let count = 0; count <= top; count += every) {
    create('line', { class: 'grid', x1: left, x2: width - right, y1: y(count), y2: y(count) }, svg);
    create('text', { x: left - 6, y: y(count) + 4, 'text-anchor': 'end' }, svg, String(count));
  }
  for (const part of [0, 1 / 3, 2 / 3, 1]) {
    const atMs = startMs + part * spanMs;
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    const text =
      part === 1 ? 'now' : new Date(atMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    create('text', { x: x(Math.min(atMs, nowMs)), y: height - 4, 'text-anchor': anchor }, svg, text);
  }
}

function drawMark(svg, activity, { x, y, onMark }) {
  const kind = markKind(activity);
  const mark = create(
    'path',
    {
      class: `mark ${kind}`,
      d: markPath(x(activity.atMs), y, activity),
      tabindex: 0,
      role: 'button',
      'data-key': activity.id,
    },
    svg,
  );
  create('title', {}, mark, `${new Date(activity.atMs).toLocaleTimeString()} ${activity.message}`);
  mark.addEventListener('click', () => onMark(activity.id));
  mark.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' || event.key === ' ') onMark(activity.id);
  });
}
