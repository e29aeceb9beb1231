import { socketWord } from '../text/socket-word.js';
import type { NewBackend, OldBackend } from './backend-changes.js';
import type { ChangedTable } from './table-rounds.js';
import { additionCommands } from './server-additions.js';

/** What must fit into one of HAProxy's buffers of 16 kB. */
const LINE_BYTES = 8_000;
const COMMANDS_PER_LINE = 50;

/** What HAProxy answers to a question for help when it makes backends while it runs. */
export function offersBackends(help: string): boolean {
  return /^\s*add backend\b/m.test(help);
}

/** Joins commands to lines that HAProxy can read. */
export function commandLines(commands: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const command of commands) {
    const isFull = line.length >= COMMANDS_PER_LINE || line.join(';').length + command.length > LINE_BYTES;
    if (line.length > 0 && isFull) {
      lines.push(line.join(';'));
      line = [];
    }
    line.push(command);
  }
  return line.length === 0 ? lines : [...lines, line.join(';')];
}

/** Makes a backend with its servers, which requests reach from then on. */
export function newBackendCommands({ name, template, servers }: NewBackend): readonly string[] {
  const backend = say(name);
  return [
    `add backend ${backend} from ${say(template)}`,
    ...servers.flatMap(additionCommands),
    `publish backend ${backend}`,
  ];
}

/** Whether HAProxy has made all of it, by its answer to these commands. */
export function tookNewBackend(answer: string, { servers }: NewBackend): boolean {
  const expected = [
    'New backend registered.',
    ...servers.map(() => 'New server registered.'),
    'Backend published.',
  ];
  const said = linesOf(answer);
  return said.length === expected.length && said.every((text, i) => text === expected[i]);
}

/** The file by which the HAProxy that runs knows a table, from its list of all maps: it was loaded under that name. */
export function loadedTable(maps: string, name: string): string | undefined {
  for (const line of maps.split('\n')) {
    const file = /^[0-9-]+ \((.+?)\) /.exec(line)?.[1];
    if (file !== undefined && isFileOf(name, file.split('/').at(-1) ?? '')) return file;
  }
  return undefined;
}

function isFileOf(name: string, file: string): boolean {
  return file.startsWith(`${name}-`) && /^[0-9a-f]+\.map$/.test(file.slice(name.length + 1));
}

/** The number of a version of a table that HAProxy has begun. */
export function begunVersion(answer: string): string | undefined {
  return /^New version created: ([0-9]+)$/m.exec(answer)?.[1];
}

/** The commands that fill a version of a table, each small enough. */
export function fillCommands({ entries }: ChangedTable, file: string, version: string): readonly string[] {
  const start = `add map @${version} ${say(file)} <<\n`;
  const commands: string[] = [];
  let payload = '';
  for (const [key, value] of entries) {
    const line = `${key} ${value}\n`;
    if (payload.length + line.length > LINE_BYTES) {
      commands.push(start + payload);
      payload = '';
    }
    payload += line;
  }
  return payload === '' ? commands : [...commands, start + payload];
}

/** No request reaches the backend any more; those under way go on. */
export function unpublishCommand({ name }: OldBackend): string {
  return `unpublish backend ${say(name)}`;
}

/** Asks how many connections each server has. */
export function connectionsQuestion({ name }: OldBackend): string {
  return `show servers conn ${say(name)}`;
}

/** Whether some server of a backend is at work, by the answer to that question. */
export function hasConnections(answer: string): boolean {
  const [head = '', ...rows] = linesOf(answer);
  const at = head.replace(/^# /, '').split(' ').indexOf('used_cur');
  return rows.some((row) => row.split(' ')[at] !== '0');
}

/** How long removing a backend waits for connections that are kept for later, and closed a moment after. */
const REMOVAL_WAIT_MS = 200;

/** Removes a backend that rests, with its servers. */
export function removeBackendCommands({ name, servers }: OldBackend): readonly string[] {
  const targets = servers.map((server) => `${say(name)}/${say(server)}`);
  return [
    ...targets.map((target) => `set server ${target} state maint`),
    ...targets.slice(0, 1).map((target) => `wait ${REMOVAL_WAIT_MS}ms srv-removable ${target}`),
    ...targets.map((target) => `del server ${target}`),
    `del backend ${say(name)}`,
  ];
}

/** Whether a backend is gone, by the answer to the commands that remove it. */
export function isBackendGone(answer: string): boolean {
  return /^(?:Backend deleted|No such backend)\./m.test(answer);
}

function linesOf(answer: string): readonly string[] {
  return answer.split('\n').filter((text) => text.trim() !== '');
}

function say(word: string): string {
  return socketWord(word) ?? '';
}
