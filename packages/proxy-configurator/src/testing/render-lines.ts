import type { HaproxyModel, Line } from '../core/model/directives.js';
import { renderHaproxyConfig } from '../core/text/render.js';
import { settingsOf } from './render-services.js';

/** Lines as they would stand in a section of the file, indented, each with its line end. */
export function renderLines(lines: readonly Line[]): string {
  const empty = { keyword: 'global', lines: [] } as const;
  const model: HaproxyModel = {
    global: empty,
    lua: [],
    resolvers: empty,
    defaults: empty,
    templates: [],
    statistics: [],
    exporter: [],
    globalUserlist: undefined,
    services: { binds: [], challenge: [], preamble: [], content: [], unused: new Set() },
    tcpFrontends: [],
    sniFrontends: [],
    tcpGroups: [],
    backends: [{ keyword: 'backend', name: 'lines', lines }],
    tables: [],
  };
  const { text } = renderHaproxyConfig(model, {
    settings: settingsOf('/nowhere'),
    tablePath: ({ name }) => name,
  });
  return text.slice(text.indexOf('backend lines\n') + 'backend lines\n'.length);
}
