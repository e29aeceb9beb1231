import type { AlertmanagerReading } from './alertmanager.js';
import type { CertificatesReading } from './certificates.js';
import type { ListenerReading } from './listener.js';
import type { MonitorReading } from './monitor.js';
import type { PrometheusReading } from './prometheus.js';
import type { ProxyReading } from './proxy.js';
import type { ScalerReading } from './scaler.js';

/** What was last heard of each source; absent before the first time. */
export interface Readings {
  readonly listener?: ListenerReading;
  readonly proxy?: ProxyReading;
  readonly monitor?: MonitorReading;
  readonly prometheus?: PrometheusReading;
  readonly alertmanager?: AlertmanagerReading;
  readonly scaler?: ScalerReading;
  readonly certificates?: CertificatesReading;
}

export type SourceName = keyof Readings;

/** In the order of the loop. */
export const SOURCE_NAMES = [
  'listener',
  'proxy',
  'certificates',
  'monitor',
  'prometheus',
  'alertmanager',
  'scaler',
] as const satisfies readonly SourceName[];

/** What all sources say of one service. */
export type Pieces = {
  readonly [Name in SourceName]?: Required<Readings>[Name]['services'] extends ReadonlyMap<
    string,
    infer Piece
  >
    ? Piece
    : never;
};
