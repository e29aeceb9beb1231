// Runs the benchmarks of the packages one after the other and writes their figures to the end of docs/performance.md.
// Called by scripts/bench --all [PACKAGE[=PART,PART…] …]; needs a build.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

const root = path.resolve(import.meta.dirname, '../..');
const MARK = '<!-- Below this line: written by scripts/bench --all. -->';
const page = path.join(root, 'docs/performance.md');
const wanted = new Map(
  process.argv.slice(2).map((one) => {
    const [name, parts = ''] = one.split('=');
    return [name, parts.split(',').filter(Boolean)];
  }),
);
const benches = readdirSync(path.join(root, 'packages')).filter((name) =>
  existsSync(path.join(root, 'packages', name, 'dist/bench/main.js')),
);
for (const name of wanted.keys())
  if (!benches.includes(name)) throw new Error(`${name} has no benchmark; there are ${benches.join(', ')}`);

const folder = mkdtempSync(path.join(tmpdir(), 'bench-all-'));
const begun = new Date();
const sections = [];
try {
  for (const name of benches)
    if (wanted.size === 0 || wanted.has(name)) sections.push(await measure(name, wanted.get(name) ?? []));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
writeFileSync(page, withFigures(readFileSync(page, 'utf8'), render()));
console.error(`Figures are in ${path.relative(root, page)}`);

/** The page with other figures below the mark; what stands above it was written by hand. */
function withFigures(text, figures) {
  const [above] = text.split(MARK);
  return `${above.trimEnd()}\n\n${MARK}\n\n${figures.trimEnd()}\n`;
}

/** The figures of one package; those that cannot say them as data, as they were printed. */
async function measure(name, parts) {
  console.error(`==> ${name} ${parts.join(' ')}`);
  const file = path.join(folder, `${name}.jsonl`);
  const loads = [loadavg()[0]];
  const child = spawn(process.execPath, ['dist/bench/main.js', ...parts], {
    cwd: path.join(root, 'packages', name),
    env: { ...process.env, BENCH_FIGURES: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    printed += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  loads.push(loadavg()[0]);
  const figures = existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  const missed = figures.filter(isMissed).length;
  // 1 is what missed goals end with, too.
  const failed = code !== 0 && !(code === 1 && missed > 0);
  return { name, parts, figures, printed, loads, failed };
}

/** `null` is what JSON makes of a figure that could not be measured. */
function isMissed({ value, goal, atLeast }) {
  if (goal === undefined && atLeast === undefined) return false;
  return value === null || (goal !== undefined && value > goal) || (atLeast !== undefined && value < atLeast);
}

function number(value) {
  if (value === null || value === undefined) return '–';
  return value.toFixed(Number.isInteger(value) ? 0 : value < 10 ? 2 : 1);
}

function row(figure) {
  const { what, value, unit, goal, atLeast, original } = figure;
  const bound =
    goal !== undefined ? `≤ ${number(goal)}` : atLeast !== undefined ? `≥ ${number(atLeast)}` : '';
  const share = goal ? (value / goal).toFixed(2) : atLeast ? (value / atLeast).toFixed(2) : '';
  const name = what.startsWith('  ') ? `– ${what.trim()}` : what;
  const cells = [
    name.replaceAll('|', '\\|'),
    `${number(value)} ${unit}`.trim(),
    bound,
    share === '' ? '' : `${share}${isMissed(figure) ? ', missed' : ''}`,
    original === undefined ? '' : number(original),
    original === undefined ? '' : (value / original).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

function version(command, ...args) {
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return /version v?([0-9.]+)/i.exec(text)?.[1] ?? 'of unknown version';
  } catch {
    return 'missing';
  }
}

function render() {
  const processors = cpus();
  const loads = sections.flatMap(({ loads: all }) => all);
  const machine = [
    `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'})`,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory`,
    `Node ${process.versions.node}`,
    `HAProxy ${version('haproxy', '-v')}`,
    `Prometheus ${version('prometheus', '--version')}`,
  ].join(', ');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const busy = Math.max(...loads) > processors.length;
  return [
    '## All figures',
    '',
    `Measured on ${begun.toISOString().slice(0, 16).replace('T', ' ')} UTC at commit ${commit}, by \`pnpm bench --all${[
      ...wanted,
    ]
      .map(([name, parts]) => ` ${name}${parts.length > 0 ? `=${parts.join(',')}` : ''}`)
      .join('')}\`.`,
    `The machine: ${machine}.`,
    `The load average was ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)} meanwhile` +
      (busy
        ? `, so others used its ${processors.length} cores, too: times are longer than on a machine of your own, by about the` +
          ' load for each core; processor times and memory are little touched by that.'
        : '.'),
    '',
    '*Share* is the figure by its goal, *by original* by that of the original Go program on a machine at rest. What begins',
    'with a dash belongs to the line above it. Goals are for a machine at rest.',
    '',
    ...sections.flatMap(section),
  ].join('\n');
}

function section({ name, parts, figures, printed, failed }) {
  return [
    `### ${name}`,
    '',
    ...(parts.length > 0 ? [`Parts: ${parts.join(', ')}.`, ''] : []),
    ...(figures.length > 0
      ? [
          '| what | figure | goal | share | original | by original |',
          '| --- | --- | --- | --- | --- | --- |',
          ...figures.map(row),
          '',
        ]
      : ['```', printed.trim(), '```', '']),
    ...(failed ? ['The benchmark did not run to its end.', ''] : []),
  ];
}
