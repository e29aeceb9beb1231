import { BASE_DEFAULTS } from '../sections/backend-templates.js';
import { essentialGlobalLines, statisticsLines } from '../sections/fixed-sections.js';
import { workerLines } from '../model/worker-lines.js';
import {
  isSnippet,
  type HaproxyModel,
  type Line,
  type LiveTables,
  type LookupTable,
  type Section,
} from '../model/directives.js';
import { rememberLast } from '../model/remember.js';
import type { Settings } from '../model/settings.js';
import { tlsBindOptions } from '../entry-ports/tls-bind-options.js';
import { lineText, sectionBlock, textBlock, type Block } from './blocks.js';

/** A rendered configuration. */
export interface RenderedConfig {
  readonly text: string;
  /** Its sections in order, which the text joins. */
  readonly blocks: readonly Block[];
  /** Files beside the configuration: content by path. */
  readonly tables: ReadonlyMap<string, string>;
  /** The entries of those that change while HAProxy runs. */
  readonly live: LiveTables;
  /** Files of tables that only a script looks into. */
  readonly forScripts: ReadonlySet<string>;
  /** The other tables by name, whose files are named after their content. */
  readonly lookups: ReadonlyMap<string, Lookup>;
}

/** A table and the file it is written to. */
interface Lookup {
  readonly file: string;
  readonly entries: LookupTable['entries'];
}

/** Renders the main template of the operator; gets the data of section 20 of the original's documentation. */
export type MainTemplate = (data: Readonly<Record<string, unknown>>) => string;

interface RenderOptions {
  readonly settings: Settings;
  readonly tablePath: (table: HaproxyModel['tables'][number]) => string;
  readonly mainTemplate?: MainTemplate;
}

/** The text of a configuration: same model, same bytes, always with a final newline. */
export function renderHaproxyConfig(model: HaproxyModel, options: RenderOptions): RenderedConfig {
  const { mainTemplate, settings } = options;
  const blocks = [
    ...(mainTemplate ? templatedHead(model, settings, mainTemplate) : generatedHead(model, settings)),
    ...model.backends.map((part) =>
      isSnippet(part) ? textBlock(`\n${part.text}`, part.owner, 'templateBePath') : sectionBlock(part),
    ),
    ...(mainTemplate ? model.exporter.map(sectionBlock) : []),
  ];
  return {
    text: `${blocks.map(({ text }) => text).join('\n')}\n`,
    blocks,
    live: new Map(
      model.tables.flatMap((table) =>
        table.isLive ? [[options.tablePath(table), table.entries] as const] : [],
      ),
    ),
    lookups: new Map(
      model.tables.flatMap((table) =>
        table.isLive || table.isForScript
          ? []
          : [[table.name, { file: options.tablePath(table), entries: table.entries }] as const],
      ),
    ),
    forScripts: new Set(
      model.tables.filter(({ isForScript }) => isForScript).map((table) => options.tablePath(table)),
    ),
    tables: new Map(model.tables.map((table) => [options.tablePath(table), renderTable(table.entries)])),
  };
}

/** One `key value` a line. */
export const renderTable = rememberLast((entries: ReadonlyMap<string, string>): string =>
  [...entries].map(([key, value]) => `${key} ${value}\n`).join(''),
);

function generatedHead(model: HaproxyModel, settings: Settings): readonly Block[] {
  const { binds, challenge, preamble, content, unused } = model.services;
  const page = settings.statistics;
  const hasBind = [...binds, ...preamble].some((one) => /^bind\b/.test(lineText(one)));
  const global = { ...model.global, lines: [...model.global.lines, ...model.lua] };
  const statistics = page && page.port === undefined ? statisticsLines(page) : [];
  const services: Section = {
    keyword: 'frontend',
    name: 'services',
    lines: [...binds, ...preamble.slice(0, 1), ...challenge, ...preamble.slice(1), ...statistics, ...content],
    unused,
  };
  return [
    ...[global, model.resolvers, ...allDefaults(model), ...model.statistics, ...model.exporter],
    ...(model.globalUserlist ? [model.globalUserlist] : []),
    ...(hasBind ? [services] : []),
    ...model.tcpFrontends,
    ...model.sniFrontends,
    ...model.tcpGroups,
  ].map(sectionBlock);
}

/** Sections that name no defaults of their own begin with the last ones. */
function allDefaults({ defaults, templates }: HaproxyModel): readonly Section[] {
  if (templates.length === 0) return [defaults];
  const name = BASE_DEFAULTS;
  return [
    { ...defaults, name },
    ...templates,
    { keyword: 'defaults', name: 'df-all', from: name, lines: [] },
  ];
}

/** The head as the operator's template makes it, with what this program cannot do without put in front. */
function templatedHead(model: HaproxyModel, settings: Settings, template: MainTemplate): readonly Block[] {
  const text = template(templateData(model, settings));
  const lines = [...essentialGlobalLines(settings), ...workerLines(settings, text), ...model.lua];
  return [sectionBlock({ keyword: 'global', lines }), textBlock(`\n${text}`)];
}

/** Each block begins with its own newline and indentation, so that it can follow a word directly. */
function templateData(model: HaproxyModel, settings: Settings): Readonly<Record<string, unknown>> {
  const { timeouts: t, statistics } = settings;
  const block = (lines: readonly Line[]) => lines.map((one) => `\n    ${lineText(one)}`).join('');
  const sections = (list: readonly Section[]) =>
    list.map((section) => `\n${sectionBlock(section).text}`).join('');
  const own = statistics?.port === undefined && statistics ? block(statisticsLines(statistics)) : '';
  return {
    DefaultBinds: block(model.services.binds),
    DefaultReqMode: settings.labels.requestMode,
    ExtraGlobal: block(settings.extraGlobal.map((text) => ({ kind: 'raw', text }))),
    ExtraDefaults: block(
      model.defaults.lines.filter((one) =>
        /^(?:default-server|compression|option dontlog)/.test(lineText(one)),
      ),
    ),
    AcmeChallenge: block(model.services.challenge),
    ExtraFrontend: block(model.services.preamble.slice(1)),
    ConnectionMode: settings.connectionMode,
    Resolvers: settings.resolvers,
    Stats: own + sections(model.statistics),
    UserList: model.globalUserlist ? sections([model.globalUserlist]) : '',
    SslBindOptions: settings.sslBindOptions,
    SslBindCiphers: settings.sslBindCiphers,
    CertsString: ` ${tlsBindOptions(settings)}`,
    TimeoutConnect: t.connect,
    TimeoutClient: t.client,
    TimeoutServer: t.server,
    TimeoutQueue: t.queue,
    TimeoutTunnel: t.tunnel,
    TimeoutHttpRequest: t.httpRequest,
    TimeoutHttpKeepAlive: t.httpKeepAlive,
    ContentFrontend: block(model.services.content),
    ContentFrontendTcp: sections(model.tcpFrontends),
    ContentFrontendSNI: sections(model.sniFrontends),
    ContentListen: sections(model.tcpGroups),
  };
}
