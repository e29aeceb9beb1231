import type { NewBackend, OldBackend } from '../core/changes/backend-changes.js';
import type { createRuntimeBackends } from '../install/runtime-backends.js';

/** The file of the table that the story changes, below a folder. */
export const STORY_TABLE = 'routes-path-prefix-00ff.map';
export const STORY_TEMPLATE = 'df-plain';

/** A configuration in which the story takes place. */
export function storyConfig(folder: string, port: number): string {
  return [
    ...['global', `  stats socket ${folder}/admin.sock mode 600 level admin`],
    ...[
      'defaults df-base',
      '  mode http',
      '  timeout connect 5s',
      '  timeout client 5s',
      '  timeout server 5s',
    ],
    ...[`defaults ${STORY_TEMPLATE} from df-base`, '  http-request set-header X-Story told'],
    ...['defaults df-all from df-base', 'frontend services', `  bind 127.0.0.1:${port}`],
    `  http-request set-var(txn.route) path,map_beg(${folder}/${STORY_TABLE})`,
    '  use_backend %[var(txn.route),field(2,|)] if { var(txn.route) -m found }',
    '',
  ].join('\n');
}

function backend(name: string, servers: number, options: readonly string[] = []): NewBackend {
  return {
    name,
    template: STORY_TEMPLATE,
    servers: Array.from({ length: servers }, (_, i) => ({
      section: name,
      server: {
        ...{ name: `${name}_${i}`, host: name, port: 8080 },
        ...{ address: i === 2 ? undefined : `127.0.0.${i + 2}`, follow: 'controller' as const, options },
      },
    })),
  };
}

function old({ name, servers }: NewBackend): OldBackend {
  return { name, servers: servers.map(({ server }) => server.name) };
}

/** Backends come and go, and what cannot be is asked for; answers what became of each step. */
export async function tellBackendStory(
  runtime: ReturnType<typeof createRuntimeBackends>,
): Promise<readonly boolean[]> {
  const one = backend('one', 1);
  const many = backend('many', 3, ['check', 'inter', '5s']);
  const entries = new Map([
    ['/many', '000000|many'],
    ['/one', '000001|one'],
  ]);
  const ends = [
    await runtime.newBackends([one, many]),
    await runtime.lookups([{ name: 'routes-path-prefix', entries }]),
    await runtime.newBackends([one]),
    await runtime.newBackends([{ ...backend('other', 1), template: 'df-nobody' }]),
    await runtime.newBackends([backend('wrong', 1, ['no-such-word'])]),
    await runtime.lookups([{ name: 'routes-path-exact', entries }]),
    await runtime.lookups([{ name: 'routes-path-prefix', entries: new Map([['/one', '000000|one']]) }]),
  ];
  await runtime.oldBackends([old(many)]);
  return [...ends, await runtime.newBackends([many])];
}

/** What becomes of the steps on a HAProxy that takes backends. */
export const STORY_ENDS: readonly boolean[] = [true, true, false, false, false, false, true, true];
