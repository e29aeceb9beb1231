import { essentialGlobalLines, statisticsLines } from './fixed-sections.js';
import { isSnippet, type HaproxyModel, type Line, type Section, type Server } from './model.js';
import type { Settings } from './settings.js';
import { tlsBindOptions } from './services-frontend.js';
import { quoteWord } from './words.js';

/** A rendered configuration. */
export interface RenderedConfig {
  readonly text: string;
  /** The same without what can change while HAProxy runs: equal structures need no reload. */
  readonly structure: string;
  /** The service that asked for each line of the text, counted from 0. */
  readonly owners: readonly (string | undefined)[];
  /** Files beside the configuration: content by path. */
  readonly tables: ReadonlyMap<string, string>;
}

/** Renders the main template of the operator; gets the data of section 20 of the original's documentation. */
export type MainTemplate = (data: Readonly<Record<string, unknown>>) => string;

interface RenderOptions {
  readonly settings: Settings;
  readonly tablePath: (table: HaproxyModel['tables'][number]) => string;
  readonly mainTemplate?: MainTemplate;
}

interface Written {
  readonly text: string;
  readonly structure: string;
  readonly owner: string | undefined;
}

/** The text of a configuration: same model, same bytes, always with a final newline. */
export function renderHaproxyConfig(model: HaproxyModel, options: RenderOptions): RenderedConfig {
  const lines = [
    ...(options.mainTemplate
      ? templatedHead(model, options.settings, options.mainTemplate)
      : generatedHead(model, options.settings)),
    ...model.backends.flatMap((part) =>
      isSnippet(part) ? [blank(), ...plainText(part.text, part.owner)] : writeSection(part),
    ),
    ...(options.mainTemplate ? model.exporter.flatMap(writeSection) : []),
  ];
  return {
    text: `${lines.map(({ text }) => text).join('\n')}\n`,
    structure: lines.map(({ structure }) => structure).join('\n'),
    owners: lines.map(({ owner }) => owner),
    tables: new Map(model.tables.map((table) => [options.tablePath(table), renderTable(table.entries)])),
  };
}

/** One `key value` a line. */
export function renderTable(entries: ReadonlyMap<string, string>): string {
  return [...entries].map(([key, value]) => `${key} ${value}\n`).join('');
}

function generatedHead(model: HaproxyModel, settings: Settings): readonly Written[] {
  const { binds, preamble, content } = model.services;
  const page = settings.statistics;
  const hasBind = [...binds, ...preamble].some((one) => /^bind\b/.test(lineText(one)));
  const services: Section = {
    keyword: 'frontend',
    name: 'services',
    lines: [
      ...binds,
      ...preamble,
      ...(page?.port === undefined && page ? statisticsLines(page) : []),
      ...content,
    ],
  };
  return [
    ...writeSection(model.global),
    ...writeSection(model.resolvers),
    ...writeSection(model.defaults),
    ...model.statistics.flatMap(writeSection),
    ...model.exporter.flatMap(writeSection),
    ...(model.globalUserlist ? writeSection(model.globalUserlist) : []),
    ...(hasBind ? writeSection(services) : []),
    ...[...model.tcpFrontends, ...model.sniFrontends, ...model.tcpGroups].flatMap(writeSection),
  ];
}

/** The head as the operator's template makes it, with what this program cannot do without put in front. */
function templatedHead(model: HaproxyModel, settings: Settings, template: MainTemplate): readonly Written[] {
  const essential: Section = { keyword: 'global', lines: essentialGlobalLines(settings) };
  return [...writeSection(essential), blank(), ...plainText(template(templateData(model, settings)))];
}

/** Each block begins with its own newline and indentation, so that it can follow a word directly. */
function templateData(model: HaproxyModel, settings: Settings): Readonly<Record<string, unknown>> {
  const { timeouts: t, statistics } = settings;
  const block = (lines: readonly Line[]) => lines.map((one) => `\n    ${lineText(one)}`).join('');
  const sections = (list: readonly Section[]) =>
    list
      .map(
        (section) =>
          `\n${writeSection(section)
            .map(({ text }) => text)
            .join('\n')}`,
      )
      .join('');
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

function blank(): Written {
  return { text: '', structure: '', owner: undefined };
}

function plainText(text: string, owner?: string): readonly Written[] {
  return text.split('\n').map((one) => ({ text: one, structure: one, owner }));
}

function writeSection({ keyword, name, owner, lines }: Section): readonly Written[] {
  const head = name === undefined ? keyword : `${keyword} ${name}`;
  return [
    blank(),
    { text: head, structure: head, owner },
    ...lines.map((one) => {
      const text = `    ${lineText(one)}`;
      return {
        text,
        structure: one.kind === 'server' ? `    ${structureOf(one.server)}` : text,
        owner: one.owner ?? owner,
      };
    }),
  ];
}

function lineText(one: Line): string {
  if (one.kind === 'raw') return one.text;
  return (one.kind === 'server' ? serverWords(one.server) : one.words).map(quoteWord).join(' ');
}

function serverWords(server: Server): readonly string[] {
  const { name, host, port, address, follow, options } = server;
  const start = ['server', name, `${host}:${port}`];
  if (follow === 'fixed') return [...start, ...options];
  if (follow === 'resolvers') return [...start, ...options, 'init-addr', address ?? 'none'];
  // HAProxy only takes an address at run time where there is one already; a disabled server never uses it.
  return [
    ...start,
    ...options,
    'init-addr',
    address ?? '127.0.0.1',
    ...(address === undefined ? ['disabled'] : []),
  ];
}

function structureOf({ name, host, port, follow, options }: Server): string {
  return ['server', name, `${host}:${port}`, follow, ...options].join(' ');
}
