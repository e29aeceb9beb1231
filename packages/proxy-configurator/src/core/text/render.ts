import { essentialGlobalLines, statisticsLines } from '../sections/fixed-sections.js';
import { workerLines } from '../model/worker-lines.js';
import {
  isSnippet,
  type HaproxyModel,
  type Line,
  type LiveTables,
  type Section,
  type Server,
} from '../model/directives.js';
import { serverStructure } from '../model/server-structure.js';
import type { Settings } from '../model/settings.js';
import { tlsBindOptions } from '../entry-ports/tls-bind-options.js';
import { quoteWord } from './quote-word.js';

/** A rendered configuration. */
export interface RenderedConfig {
  readonly text: string;
  /** The same without what can change while HAProxy runs: equal structures need no reload. */
  readonly structure: string;
  /** The structure without the servers, which may come and go. */
  readonly skeleton: string;
  /** The service that asked for each line of the text, counted from 0. */
  readonly owners: readonly (string | undefined)[];
  /** The label, or without a service the variable, that each line was written from, as far as that is known. */
  readonly sources: readonly (string | undefined)[];
  /** Files beside the configuration: content by path. */
  readonly tables: ReadonlyMap<string, string>;
  /** The entries of those that change while HAProxy runs. */
  readonly live: LiveTables;
}

/** Renders the main template of the operator; gets the data of section 20 of the original's documentation. */
export type MainTemplate = (data: Readonly<Record<string, unknown>>) => string;

interface RenderOptions {
  readonly settings: Settings;
  readonly tablePath: (table: HaproxyModel['tables'][number]) => string;
  readonly mainTemplate?: MainTemplate;
}

interface LineFacts {
  readonly owner?: string | undefined;
  readonly source?: string | undefined;
  /** What stands for the text where equal structures need no reload. */
  readonly structure?: string;
  /** Whether it is a server of a section. */
  readonly isServer?: boolean;
}

/** Lines written so far; `structure`, `owners` and `sources` go with `text` line by line. */
class Writer {
  readonly text: string[] = [];
  readonly structure: string[] = [];
  readonly skeleton: string[] = [];
  readonly owners: (string | undefined)[] = [];
  readonly sources: (string | undefined)[] = [];

  line(text: string, { owner, source, structure = text, isServer = false }: LineFacts = {}): void {
    this.text.push(text);
    this.structure.push(structure);
    if (!isServer) this.skeleton.push(structure);
    this.owners.push(owner);
    this.sources.push(source);
  }

  lines(text: string, facts: LineFacts = {}): void {
    for (const one of text.split('\n')) this.line(one, facts);
  }

  section({ keyword, name, owner, lines }: Section): void {
    this.line('');
    this.line(name === undefined ? keyword : `${keyword} ${name}`, { owner });
    for (const one of lines) {
      this.line(`    ${lineText(one)}`, {
        owner: one.owner ?? owner,
        source: one.source,
        ...(one.kind === 'server' && { structure: serverStructure(one.server), isServer: true }),
      });
    }
  }

  sections(list: readonly Section[]): void {
    for (const section of list) this.section(section);
  }
}

/** The text of a configuration: same model, same bytes, always with a final newline. */
export function renderHaproxyConfig(model: HaproxyModel, options: RenderOptions): RenderedConfig {
  const { mainTemplate, settings } = options;
  const to = new Writer();
  if (mainTemplate) writeTemplatedHead(to, model, settings, mainTemplate);
  else writeGeneratedHead(to, model, settings);
  for (const part of model.backends) {
    if (!isSnippet(part)) to.section(part);
    else to.lines(`\n${part.text}`, { owner: part.owner, source: 'templateBePath' });
  }
  if (mainTemplate) to.sections(model.exporter);
  return {
    text: `${to.text.join('\n')}\n`,
    structure: to.structure.join('\n'),
    skeleton: to.skeleton.join('\n'),
    owners: to.owners,
    sources: to.sources,
    live: new Map(
      model.tables.flatMap((table) =>
        table.isLive ? [[options.tablePath(table), table.entries] as const] : [],
      ),
    ),
    tables: new Map(model.tables.map((table) => [options.tablePath(table), renderTable(table.entries)])),
  };
}

/** One `key value` a line. */
export function renderTable(entries: ReadonlyMap<string, string>): string {
  return [...entries].map(([key, value]) => `${key} ${value}\n`).join('');
}

function writeGeneratedHead(to: Writer, model: HaproxyModel, settings: Settings): void {
  const { binds, challenge, preamble, content } = model.services;
  const page = settings.statistics;
  const hasBind = [...binds, ...preamble].some((one) => /^bind\b/.test(lineText(one)));
  const global = { ...model.global, lines: [...model.global.lines, ...model.lua] };
  to.sections([global, model.resolvers, model.defaults, ...model.statistics, ...model.exporter]);
  if (model.globalUserlist) to.section(model.globalUserlist);
  if (hasBind) {
    const statistics = page && page.port === undefined ? statisticsLines(page) : [];
    to.section({
      keyword: 'frontend',
      name: 'services',
      lines: [
        ...binds,
        ...preamble.slice(0, 1),
        ...challenge,
        ...preamble.slice(1),
        ...statistics,
        ...content,
      ],
    });
  }
  to.sections(model.tcpFrontends);
  to.sections(model.sniFrontends);
  to.sections(model.tcpGroups);
}

/** The head as the operator's template makes it, with what this program cannot do without put in front. */
function writeTemplatedHead(
  to: Writer,
  model: HaproxyModel,
  settings: Settings,
  template: MainTemplate,
): void {
  const text = template(templateData(model, settings));
  const lines = [...essentialGlobalLines(settings), ...workerLines(settings, text), ...model.lua];
  to.section({ keyword: 'global', lines });
  to.lines(`\n${text}`);
}

/** Each block begins with its own newline and indentation, so that it can follow a word directly. */
function templateData(model: HaproxyModel, settings: Settings): Readonly<Record<string, unknown>> {
  const { timeouts: t, statistics } = settings;
  const block = (lines: readonly Line[]) => lines.map((one) => `\n    ${lineText(one)}`).join('');
  const sections = (list: readonly Section[]) => {
    const writer = new Writer();
    writer.sections(list);
    return writer.text.map((one) => `\n${one}`).join('');
  };
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

function lineText(one: Line): string {
  if (one.kind === 'raw') return one.text;
  let text = '';
  for (const word of one.kind === 'server' ? serverWords(one.server) : one.words) {
    text += text === '' ? quoteWord(word) : ` ${quoteWord(word)}`;
  }
  return text;
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
