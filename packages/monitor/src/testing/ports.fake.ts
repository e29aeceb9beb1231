import type { Alert } from '../core/services/alert.js';
import type { RenderedFiles } from '../core/files/render.js';
import type { ConfigurationCheck, ConfigurationFiles, PrometheusServer, ReloadResult } from '../ports.js';

/** A check that rejects every file with the word `REJECTED` in it. */
export interface FakeCheck extends ConfigurationCheck {
  /** How many times files, and alerts, were checked. */
  readonly counts: { files: number; alerts: number };
  /** Lets everything pass, as without promtool. */
  missing: boolean;
}

export function createFakeCheck(word = 'REJECTED'): FakeCheck {
  const counts = { files: 0, alerts: 0 };
  const fake: FakeCheck = {
    counts,
    missing: false,
    check(_files, rendered) {
      counts.files += 1;
      const texts = [rendered.config, rendered.rules ?? '', ...rendered.targets.values()];
      const isBad = !fake.missing && texts.some((text) => text.includes(word));
      return Promise.resolve(isBad ? `contains ${word}` : undefined);
    },
    checkAlerts(alerts) {
      counts.alerts += alerts.length;
      const bad = alerts.filter((alert) => !fake.missing && JSON.stringify(alert).includes(word));
      return Promise.resolve(new Map(bad.map((alert: Alert) => [alert, `contains ${word}`])));
    },
    isPossible: () => !fake.missing,
  };
  return fake;
}

/** Files in memory; `failure` makes the next write fail. */
export interface FakeFiles extends ConfigurationFiles {
  failure: Error | undefined;
  writes: number;
}

export function createFakeFiles(): FakeFiles {
  let placed: RenderedFiles | undefined;
  const fake: FakeFiles = {
    failure: undefined,
    writes: 0,
    placed: () => placed,
    write(files) {
      fake.writes += 1;
      const { failure } = fake;
      fake.failure = undefined;
      if (failure) return Promise.reject(failure);
      placed = files;
      return Promise.resolve();
    },
  };
  return fake;
}

/** A Prometheus that runs what lies in the files when it is told to reload. */
export interface FakePrometheus extends PrometheusServer {
  /** What it runs. */
  running: RenderedFiles | undefined;
  reloads: number;
  /** Refuses configurations with this word in them. */
  rejectedWord: string;
  /** Answers this instead, without loading anything. */
  answer: ReloadResult | undefined;
  /** Each reload waits for this first. */
  hold: Promise<void> | undefined;
  /** Why it is not ready. */
  notReady: string | undefined;
}

export function createFakePrometheus(files: ConfigurationFiles): FakePrometheus {
  const fake: FakePrometheus = {
    running: undefined,
    reloads: 0,
    rejectedWord: 'UNLOADABLE',
    answer: undefined,
    hold: undefined,
    notReady: undefined,
    whyNotReady: () => Promise.resolve(fake.notReady),
    async reload() {
      fake.reloads += 1;
      await fake.hold;
      if (fake.answer) return fake.answer;
      const placed = files.placed();
      const texts = [placed?.config ?? '', placed?.rules ?? ''];
      if (texts.some((text) => text.includes(fake.rejectedWord)))
        return { kind: 'rejected', reason: `will not load ${fake.rejectedWord}` };
      fake.running = placed;
      return { kind: 'live' };
    },
  };
  return fake;
}
