#!/usr/bin/env node
// Makes what goes to npm: @docker-flow/labels as it was built, and @docker-flow/cli with the cores of the programs bundled
// into it, so that it depends on no package of this workspace, and on few of others.
//
// Usage: pnpm npm-packages                                 builds, and writes npm/*.tgz
//        node scripts/npm-packages.mjs [FOLDER [NAME...]]  labels needs the build, cli does not
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const packages = path.join(import.meta.dirname, '../packages');
const [target = 'npm', ...chosen] = process.argv.slice(2);
const names = chosen.length > 0 ? chosen : ['labels', 'cli'];

const manifestOf = (name) => JSON.parse(readFileSync(path.join(packages, name, 'package.json'), 'utf8'));

/** Writes the files of one package into an empty folder; answers what is different in its package.json. */
const stages = { labels: stageLabels, cli: stageCli };

function stageLabels(folder) {
  const built = path.join(packages, 'labels/dist');
  if (!existsSync(built)) throw new Error('packages/labels is not built: pnpm build');
  cpSync(built, path.join(folder, 'dist'), { recursive: true });
  return {};
}

async function stageCli(folder) {
  const { metafile } = await build({
    entryPoints: [path.join(packages, 'cli/src/main.ts')],
    // Two levels down, as dist/config of the proxy is: it looks for its Lua scripts two levels above itself.
    outdir: path.join(folder, 'dist/bin'),
    bundle: true,
    splitting: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    plugins: [oursFromSource],
    logLevel: 'warning',
  });
  cpSync(path.join(packages, 'proxy-configurator/lua'), path.join(folder, 'lua'), { recursive: true });
  const { version, dependencies } = manifestOf('cli');
  // dflow reads its version one level above itself.
  writeJson(path.join(folder, 'dist/package.json'), { type: 'module', version });
  const imported = Object.values(metafile.outputs).flatMap((output) =>
    output.imports.filter(({ external }) => external).map(({ path: name }) => name),
  );
  // What the check of PromQL loads by `require` is seen by no bundler.
  const required = Object.keys(dependencies).filter((name) => /^@(codemirror|prometheus-io)\//.test(name));
  return {
    bin: { dflow: 'dist/bin/main.js' },
    exports: { './package.json': './package.json' },
    files: ['dist', 'lua'],
    dependencies: versionsOf([...imported, ...required]),
  };
}

/** Packages of this workspace are read from their sources, all others stay dependencies. */
const oursFromSource = {
  name: 'ours-from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) => {
      if (kind === 'entry-point') return undefined;
      const [, own, file = 'index'] = /^@docker-flow\/([^/]+)(?:\/(.+))?$/.exec(name) ?? [];
      return own === undefined
        ? { path: name, external: true }
        : { path: path.join(packages, own, 'src', `${file}.ts`) };
    });
  },
};

/** The packages that are imported by these names, in the versions that the workspace has of them. */
function versionsOf(imports) {
  const imported = imports
    .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  const known = Object.assign({}, ...readdirSync(packages).map((name) => manifestOf(name).dependencies));
  return Object.fromEntries(
    [...new Set(imported)].sort().map((name) => {
      if (known[name] === undefined) throw new Error(`no package of the workspace depends on ${name}`);
      return [name, known[name]];
    }),
  );
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

mkdirSync(target, { recursive: true });
for (const name of names) {
  const stage = stages[name];
  if (stage === undefined)
    throw new Error(`"${name}" does not go to npm; ${Object.keys(stages).join(' and ')} do`);
  const folder = mkdtempSync(path.join(tmpdir(), 'df-npm-'));
  try {
    // What only the workspace needs is left out.
    const change = { devDependencies: undefined, scripts: undefined, ...(await stage(folder)) };
    writeJson(path.join(folder, 'package.json'), { ...manifestOf(name), ...change });
    cpSync(path.join(packages, name, 'README.md'), path.join(folder, 'README.md'));
    cpSync(path.join(packages, '../LICENSE'), path.join(folder, 'LICENSE'));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', path.resolve(target)], {
      cwd: folder,
      stdio: 'inherit',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
