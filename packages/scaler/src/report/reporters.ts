import type { Logger } from '@docker-flow/daemon/log/logger';
import type { AlertConfig } from '../config/config.js';
import type { ScalerMetrics } from '../metrics.js';
import type { AlertSink, ChangedService, MessageSink } from '../ports.js';
import type { State } from '../state/state.js';
import type { ToldFailures } from './told-failures.js';

/** Where what happened is reported. Nothing is decided here but who hears what. */
export interface Reporters {
  readonly alerts: AlertSink;
  readonly messages: MessageSink;
  /** Takes the activities. */
  readonly state: State;
  readonly metrics: ScalerMetrics;
  readonly logger: Logger;
  readonly config: AlertConfig;
  readonly now: () => number;
  /** Lasting failures are told once. */
  readonly toldFailures: ToldFailures;
  /** Follows the change until the tasks run. */
  readonly onChanged: (change: ChangedService) => void;
}

/** Who asked, and by which way: the build server's job reports every bound to people. */
export interface Requester {
  /** For people: `Alertmanager 10.0.0.3 receiver scale, alert resptimeabove`. */
  readonly name: string;
  readonly channel: 'api' | 'job';
}
