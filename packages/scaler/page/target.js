/** What a service that is scaled on targets shows: each metric against its target, windows, conditions, the last look. */

const WIDTH = 120;

/** Conditions that are no news when they are as they should be. */
const GOOD = { AbleToScale: true, ScalingActive: true, ScalingLimited: false, Fallback: false };

export function targetPart(target, create) {
  return create('section', { className: 'target' }, [
    create('table', {}, [
      create('thead', {}, [
        create(
          'tr',
          {},
          ['measured', 'value', 'target', 'asks for'].map((text) => create('th', { text })),
        ),
      ]),
      create(
        'tbody',
        {},
        target.metrics.map((metric) => metricRow(metric, create)),
      ),
    ]),
    create('p', { className: 'look', text: lookText(target) }),
    conditions(target, create),
  ]);
}

function metricRow({ on, type, value, target, proposal, failed }, create) {
  const unit = type === 'utilization' ? ' %' : '';
  const row = create('tr', { title: failed ?? '' }, [
    create('td', { className: 'on', text: on }),
    create('td', {}, [
      create('span', {
        className: failed === undefined ? '' : 'failed',
        text: failed === undefined ? `${shortNumber(value)}${unit}` : 'failed',
      }),
    ]),
    create('td', { text: `${shortNumber(target)}${unit}${type === 'averageValue' ? ' each' : ''}` }),
    create('td', { text: proposal ?? '–' }),
  ]);
  if (failed === undefined && type !== 'averageValue') row.children[1].append(bar(value / target, create));
  return row;
}

/** How far a value is from its target, which is the mark in the middle. */
function bar(ratio) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'bar');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} 8`);
  svg.setAttribute('aria-hidden', 'true');
  const add = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, text] of Object.entries(attributes)) element.setAttribute(key, text);
    svg.append(element);
  };
  add('rect', { class: 'ground', x: 0, y: 1, width: WIDTH, height: 6 });
  const width = Math.max(0, Math.min(2, ratio)) * (WIDTH / 2);
  add('rect', { class: ratio > 1 ? 'over' : 'under', x: 0, y: 1, width, height: 6 });
  add('line', { class: 'mark', x1: WIDTH / 2, x2: WIDTH / 2, y1: 0, y2: 8 });
  return svg;
}

function lookText({ min, max, windowSeconds, explanation, lastLook }) {
  const windows = `windows ↑ ${seconds(windowSeconds.up)} ↓ ${seconds(windowSeconds.down)}`;
  const at = new Date(lastLook).toLocaleTimeString();
  return `${explanation || 'as it should be'} · bounds now ${min} – ${max} · ${windows} · looked at ${at}`;
}

function seconds(count) {
  return count >= 120 && count % 60 === 0 ? `${count / 60} min` : `${count} s`;
}

function conditions({ conditions: all }, create) {
  const told = all.filter(({ type, status }) => status !== GOOD[type]);
  const list = told.map(({ reason, message, since }) =>
    create('li', {
      text: `${reason}: ${message} (since ${new Date(since).toLocaleTimeString()})`,
    }),
  );
  return create('ul', { className: 'conditions' }, list);
}

/** Four digits are enough to compare a number with its target. */
function shortNumber(value) {
  if (value === undefined) return '–';
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
