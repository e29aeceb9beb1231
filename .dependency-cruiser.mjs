/** Which folder may import which. `pnpm lint:folders` proves it; types count as imports. */

const PROGRAM = 'swarm-listener|monitor|proxy-configurator|scaler|docker-guard|certificates|dashboard|demo';
/** What looks into programs from outside. */
const TOOLS = 'cli|reference|e2e';
/** Rooms that talk to a neighbour; the rest of a program knows them by its ports alone. */
const ADAPTERS = 'adapters|docker|haproxy';
/** Where a program is put together. */
const ROOT = '((program|main|index|neighbours)\\.ts$|program/)';
const SOURCE = `^packages/(${PROGRAM}|labels|go-template|daemon|docker)/src/`;
const NOT_IN_THE_IMAGE = '/src/(testing|bench)/|\\.fake\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no circle between folders',
      comment:
        'A folder is a stage of a road that goes one way. Move the type or the function that both need.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no circle between files',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'adapters are known to the program alone',
      comment: 'Say in ports.ts what you need; program.ts hands the adapter in.',
      severity: 'error',
      from: {
        path: `^packages/(${PROGRAM})/src/`,
        pathNot: `/src/(${ADAPTERS}|testing|bench)/|/src/${ROOT}`,
      },
      to: { path: `^packages/$1/src/(${ADAPTERS})/` },
    },
    {
      name: 'the core knows only the core',
      comment: 'Models and decisions do not know who asks or who answers.',
      severity: 'error',
      from: { path: `^packages/(${PROGRAM})/src/core/` },
      to: { path: '^packages/$1/src/', pathNot: '^packages/$1/src/core/' },
    },
    {
      name: 'programs do not know each other',
      comment: 'What two of them need belongs into daemon, docker or labels.',
      severity: 'error',
      from: { path: `^packages/(${PROGRAM})/` },
      to: { path: `^packages/(${PROGRAM}|${TOOLS})/`, pathNot: '^packages/$1/' },
    },
    {
      name: 'what programs share does not know them',
      severity: 'error',
      from: { path: '^packages/(labels|go-template|daemon|docker)/' },
      to: { path: `^packages/(${PROGRAM}|${TOOLS})/` },
    },
    {
      name: 'HTTP goes through daemon/http, Docker through docker',
      comment: 'Limits, redirects, retries and masked credentials are decided in one place.',
      severity: 'error',
      from: { path: SOURCE, pathNot: `${NOT_IN_THE_IMAGE}|^packages/(daemon/src/http|docker/src)/` },
      to: { path: '^(node:)?(https?|http2)$|/node_modules/(axios|dockerode|docker-modem)/' },
    },
    {
      name: 'labels import nothing',
      severity: 'error',
      from: { path: '^packages/labels/src/' },
      to: { pathNot: '^packages/labels/src/' },
    },
    {
      name: 'tests stay in tests',
      severity: 'error',
      from: { path: SOURCE, pathNot: NOT_IN_THE_IMAGE },
      to: { path: '/testing/|\\.fake\\.ts$|^packages/testkit/' },
    },
    {
      name: 'what runs in production is a dependency',
      severity: 'error',
      from: { path: SOURCE, pathNot: NOT_IN_THE_IMAGE },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules|/dist/' },
    // Tests look at whatever they like.
    exclude: { path: '\\.(test|e2e|bench)\\.ts$' },
  },
};
