import { drawChart, drawLegend, markKind } from './chart.js';
import { targetPart } from './target.js';

const SHOWN_ACTIVITIES = 200;
const REDRAW_MS = 5_000;

const model = {
  /** Undefined as long as Docker has not told. */
  services: undefined,
  replicas: {},
  activities: new Map(),
  spanMs: 60 * 60_000,
  filter: undefined,
  dashboard: undefined,
};
const byId = (id) => document.getElementById(id);

function create(name, { className, text, title } = {}, children = []) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  if (title) element.title = title;
  element.append(...children);
  return element;
}

function newestFirst() {
  return [...model.activities.values()].sort((a, b) => b.lastAtMs - a.lastAtMs);
}

/** Oldest first. */
function activitiesByService() {
  const groups = new Map();
  for (const activity of newestFirst().reverse()) {
    const { service } = activity;
    groups.set(service, groups.get(service) ?? []);
    groups.get(service).push(activity);
  }
  return groups;
}

function drawServices() {
  const { services = [] } = model;
  byId('service-count').textContent = services.length || '';
  byId('no-services').hidden = model.services === undefined || services.length > 0;
  const activities = activitiesByService();
  redraw(
    byId('services'),
    services.map((service) => serviceCard(service, activities.get(service.name) ?? [])),
  );
}

/** Whoever walks through the page with the keyboard stays where they are. */
function redraw(parent, children) {
  const { key } = document.activeElement?.dataset ?? {};
  const wasInside = key !== undefined && parent.contains(document.activeElement);
  parent.replaceChildren(...children);
  if (wasInside) parent.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function serviceCard(service, activities) {
  const title = create('button', { text: service.name, title: 'Show only the activities of this service' });
  title.type = 'button';
  title.dataset.key = service.name;
  title.addEventListener('click', () => setFilter(service.name));
  const heading = create('h3', {}, [title]);
  if (model.dashboard !== undefined) heading.append(dashboardLink(service.name));
  const card = create('article', { className: 'card' }, [
    heading,
    create('div', { className: 'now' }, [
      create('strong', { text: service.replicas.wanted }),
      create('span', { text: service.replicas.wanted === 1 ? 'replica' : 'replicas' }),
      runningText(service.replicas),
      create('div', { className: 'badges' }, badges(service)),
    ]),
    create('dl', {}, [
      fact(
        'bounds',
        `${service.min.value} – ${service.max.value}`,
        `minimum: ${service.min.from}; maximum: ${service.max.from}`,
      ),
      fact(
        'steps',
        `+${service.upBy.value} / −${service.downBy.value}`,
        `up: ${service.upBy.from}; down: ${service.downBy.from}`,
      ),
      fact(
        'cool-downs',
        `${cooldown(service, 'up')} / ${cooldown(service, 'down')}`,
        `up: ${service.cooldownSeconds.up.from}; down: ${service.cooldownSeconds.down.from}`,
      ),
    ]),
  ]);
  if (service.target !== undefined) card.append(targetPart(service.target, create));
  if (service.issues?.length > 0)
    card.append(
      create(
        'ul',
        { className: 'issues' },
        service.issues.map((text) => create('li', { text })),
      ),
    );
  card.append(
    drawChart({
      service,
      series: model.replicas[service.name] ?? [],
      activities,
      spanMs: model.spanMs,
      nowMs: Date.now(),
      onMark: showActivity,
    }),
  );
  return card;
}

function dashboardLink(name) {
  const link = create('a', {
    className: 'dashboard',
    text: 'all of it ↗',
    title: `${name} on the dashboard`,
  });
  link.href = `${model.dashboard}#/services/${encodeURIComponent(name)}`;
  return link;
}

function runningText({ wanted, running }) {
  if (running === undefined) return create('span', { text: '' });
  return create('span', { className: running < wanted ? 'lacking' : '', text: `${running} running` });
}

function fact(name, value, title) {
  return create('div', { title }, [create('dt', { text: name }), create('dd', { text: value })]);
}

/** `↑ 60 s`, and how much of it is left. */
function cooldown({ cooldownSeconds, cooldownRemainingSeconds }, direction) {
  const seconds = cooldownSeconds[direction].value;
  const arrow = direction === 'up' ? '↑' : '↓';
  if (seconds === 0) return `${arrow} none`;
  const remaining = cooldownRemainingSeconds[direction];
  return `${arrow} ${seconds} s${remaining > 0 ? ` (${remaining} left)` : ''}`;
}

function badges(service) {
  const all = [];
  const add = (text, className, title) =>
    all.push(create('span', { className: `badge ${className}`, text, title }));
  if (service.paused) add('paused', 'warn', 'com.df.scalePaused=true: requests change nothing');
  if (service.stopped) add('stopped by hand', 'warn', 'It stays at 0 until somebody starts it');
  if (service.updateState && service.updateState !== 'completed')
    add(service.updateState, 'warn', 'State of the rolling update');
  if (service.replicas.wanted >= service.max.value) add('at maximum', '', service.max.from);
  else if (service.replicas.wanted < service.min.value) add('below minimum', 'warn', service.min.from);
  else if (service.replicas.wanted === service.min.value) add('at minimum', '', service.min.from);
  if (!service.restore) add('not restored', '', 'com.df.scaleRestore=false: a deploy resets the replicas');
  return all;
}

function drawActivities() {
  const all = newestFirst();
  const chosen = model.filter === undefined ? all : all.filter(({ service }) => service === model.filter);
  byId('activity-count').textContent = chosen.length || '';
  byId('no-activities').hidden = chosen.length > 0;
  byId('activities').replaceChildren(...chosen.slice(0, SHOWN_ACTIVITIES).map(activityItem));
  const clear = byId('clear-filter');
  clear.hidden = model.filter === undefined;
  clear.textContent = `only ${model.filter} ✕`;
}

function activityItem(activity) {
  const { id, lastAtMs, times, outcome, message, explanation, asker, request } = activity;
  const time = create('time', { text: timeText(lastAtMs), title: new Date(lastAtMs).toLocaleString() });
  time.dateTime = new Date(lastAtMs).toISOString();
  const badge = create('span', { className: `outcome ${markKind(activity)}`, text: outcome });
  const item = create('li', {}, [
    create('div', { className: 'when' }, [
      time,
      badge,
      ...(times > 1 ? [create('span', { text: ` ×${times}` })] : []),
    ]),
    create('div', { className: 'what', text: message }),
    create('div', {
      className: 'why',
      text: [message.endsWith(explanation) ? '' : explanation, happenedText(activity)]
        .filter(Boolean)
        .join(' · '),
    }),
    create('div', { className: 'who', text: `${request} — ${asker}` }),
  ]);
  item.id = `activity-${id}`;
  return item;
}

function happenedText({ from, to, convergedAfterMs }) {
  if (from === undefined || from === to) return '';
  if (convergedAfterMs === undefined) return '';
  return `${to} tasks ran ${(convergedAfterMs / 1_000).toFixed(1)} s later`;
}

function timeText(atMs) {
  const date = new Date(atMs);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday
    ? date.toLocaleTimeString()
    : date.toLocaleDateString([], { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

function showActivity(id) {
  if (model.filter !== undefined && model.activities.get(id)?.service !== model.filter) setFilter(undefined);
  for (const item of document.querySelectorAll('li.shown')) item.classList.remove('shown');
  const item = byId(`activity-${id}`);
  item?.classList.add('shown');
  item?.scrollIntoView({ block: 'center', behavior: 'smooth' });
}

function setFilter(service) {
  model.filter = service;
  drawActivities();
}

/** The services and the picture of them are as they were when Docker last told. */
function tellTrouble(reason) {
  setState('trouble', `Docker: ${reason}`);
}

function setState(state, text) {
  const pill = byId('state');
  pill.dataset.state = state;
  pill.textContent = text;
}

async function load(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.message ?? `status ${answer.status}`);
  return body;
}

/** Everything anew: at the start, and after the connection was lost. */
async function loadAll() {
  const { activities } = await load('v1/activities?limit=1000');
  model.activities = new Map(activities.map((activity) => [activity.id, activity]));
  drawActivities();
  model.dashboard = (await load('v1/status')).dashboard;
  byId('dashboard').hidden = model.dashboard === undefined;
  if (model.dashboard !== undefined) byId('dashboard').href = model.dashboard;
  try {
    model.services = (await load('v1/services')).services;
    model.replicas = (await load('v1/replicas')).replicas;
    setState('live', 'live');
  } catch (error) {
    tellTrouble(error.message);
  }
  drawServices();
}

/** As the server keeps them: of equal looks only the first and the last. */
function addPoint(name, point) {
  const series = (model.replicas[name] ??= []);
  const [before, last] = series.slice(-2);
  const isSame = (one) => one?.wanted === point.wanted && one?.running === point.running;
  if (last !== undefined && isSame(last) && isSame(before)) series.pop();
  series.push(point);
}

function follow() {
  const events = new EventSource('v1/events');
  events.addEventListener('open', () => {
    loadAll().catch((error) => setState('trouble', error.message));
  });
  events.addEventListener('error', () => setState('trouble', 'connection lost, trying again …'));
  events.addEventListener('services', ({ data }) => {
    const { atMs, services } = JSON.parse(data);
    if (byId('state').dataset.state === 'trouble') {
      // What happened meanwhile is on the server only.
      loadAll().catch((error) => setState('trouble', error.message));
      return;
    }
    model.services = services;
    for (const { name, replicas } of services) addPoint(name, { atMs, ...replicas });
    setState('live', 'live');
    drawServices();
  });
  events.addEventListener('trouble', ({ data }) => tellTrouble(JSON.parse(data).reason));
  events.addEventListener('activity', ({ data }) => {
    const activity = JSON.parse(data);
    model.activities.set(activity.id, activity);
    drawActivities();
    drawServices();
  });
}

byId('legend').append(drawLegend());
byId('clear-filter').addEventListener('click', () => setFilter(undefined));
for (const button of document.querySelectorAll('[data-minutes]')) {
  button.addEventListener('click', () => {
    for (const other of document.querySelectorAll('[data-minutes]')) other.removeAttribute('aria-pressed');
    button.setAttribute('aria-pressed', 'true');
    model.spanMs = Number(button.dataset.minutes) * 60_000;
    drawServices();
  });
}
setInterval(drawServices, REDRAW_MS);
follow();
