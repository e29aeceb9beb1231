import winston from 'winston';
import type { LogLevel } from '../config/environment.js';
import { redactField, redactText } from './redact.js';

export type LogFields = Readonly<Record<string, unknown>>;

/** A constant message plus fields. `service` is the Swarm service a line is about, `err` an error. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly program: string;
  readonly level?: LogLevel;
  /** Texts that must never be printed, wherever they turn up. */
  readonly secrets?: readonly string[];
  /** Where the lines go; standard output when absent. */
  readonly stream?: NodeJS.WritableStream;
}

/** One JSON object a line: `time`, `level`, `program`, `message` and the fields, without secrets. */
export function createLogger({ program, level = 'info', secrets = [], stream }: LoggerOptions): Logger {
  const line = winston.format((info) => {
    const { level: lineLevel, message, ...fields } = info;
    const clean = Object.entries(fields).map(([name, value]) => [name, redactField(name, value, secrets)]);
    return Object.assign(
      {
        time: new Date().toISOString(),
        level: lineLevel,
        program,
        message: redactText(String(message), secrets),
      },
      Object.fromEntries(clean) as object,
      { [Symbol.for('level')]: lineLevel },
    );
  });
  const root = winston.createLogger({
    level,
    format: winston.format.combine(line(), winston.format.json({ deterministic: false })),
    transports: [
      stream
        ? new winston.transports.Stream({ stream })
        : new winston.transports.Console({ forceConsole: false }),
    ],
  });
  return narrow(root, {});
}

function narrow(root: winston.Logger, fixed: LogFields): Logger {
  function write(level: LogLevel, message: string, fields?: LogFields): void {
    // Fields may be getters: what is not written need not be made.
    if (root.isLevelEnabled(level)) root.log(level, message, { ...fixed, ...fields });
  }
  return {
    error: (message, fields) => write('error', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    info: (message, fields) => write('info', message, fields),
    debug: (message, fields) => write('debug', message, fields),
    child: (fields) => narrow(root, { ...fixed, ...fields }),
  };
}

/** A logger that drops everything. */
export function silentLogger(): Logger {
  const logger: Logger = { error: drop, warn: drop, info: drop, debug: drop, child: () => logger };
  return logger;
}

function drop(): void {
  // Nothing is kept.
}
