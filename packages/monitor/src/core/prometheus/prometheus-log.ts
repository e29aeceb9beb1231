/** What a line that Prometheus prints means for us. */
export type LogEvent = 'loaded' | 'rejected' | 'error' | 'ready';

/**
 * The lines of Prometheus 2 and 3, in logfmt and in JSON. `loaded` comes at the start and after each good
 * reload, `rejected` after a bad one, `error` is any other error: those just before `rejected` say what it was.
 */
export function readPrometheusLine(line: string): LogEvent | undefined {
  if (line.includes('Completed loading of configuration file')) return 'loaded';
  if (line.includes('Error reloading config')) return 'rejected';
  if (line.includes('Server is ready to receive web requests')) return 'ready';
  if (/(?:\blevel=|"level":\s*")error\b/i.test(line)) return 'error';
  return undefined;
}

/** The reason in a line of an error, `err="…"` or `"err":"…"`. */
export function reasonInLine(line: string): string {
  const match = /(?:\berr=|"err":\s*)("(?:[^"\\]|\\.)*"|[^\s,}]+)/.exec(line);
  if (match?.[1] === undefined) return line;
  try {
    return match[1].startsWith('"') ? String(JSON.parse(match[1])) : match[1];
  } catch {
    return match[1];
  }
}

/** `prometheus --version` → 2 or 3 …; `undefined` when the text does not tell. */
export function prometheusMajor(text: string): number | undefined {
  const major = /prometheus, version ([0-9]+)\./.exec(text)?.[1];
  return major === undefined ? undefined : Number(major);
}

export interface ReloadState {
  readonly successful: boolean;
  /** Seconds since 1970, with fractions. */
  readonly lastSuccessAt: number;
}

/** What the `/metrics` page of Prometheus says of its last reload. */
export function readReloadState(metrics: string): ReloadState | undefined {
  const value = (name: string) => new RegExp(`^${name} ([^ \\n]+)`, 'm').exec(metrics)?.[1];
  const successful = value('prometheus_config_last_reload_successful');
  const at = value('prometheus_config_last_reload_success_timestamp_seconds');
  if (successful === undefined || at === undefined) return undefined;
  return { successful: Number(successful) === 1, lastSuccessAt: Number(at) };
}
