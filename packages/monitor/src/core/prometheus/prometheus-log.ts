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

export interface PrometheusVersion {
  readonly major: number;
  readonly minor: number;
}

/** `prometheus --version` → 2 and 42 …; `undefined` when the text does not tell. */
export function prometheusVersion(text: string): PrometheusVersion | undefined {
  const [, major, minor] = /prometheus, version ([0-9]+)\.([0-9]+)/.exec(text) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
}

/** `keep_firing_for` came with 2.42. A server that does not tell its version is taken for a newer one: the check says no else. */
export function knowsKeepFiringFor(version: PrometheusVersion | undefined): boolean {
  return version === undefined || version.major > 2 || (version.major === 2 && version.minor >= 42);
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
