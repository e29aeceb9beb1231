import type { HttpClient } from '@docker-flow/daemon/http/client';
import { MonitorStatus, monitorReading } from '../core/readings/monitor.js';
import type { Source } from '../ports.js';
import { createStatusSource } from './status-source.js';

/** Asks the monitor. */
export function createMonitorSource(http: HttpClient, address: string): Source<'monitor'> {
  return createStatusSource(http, {
    name: 'monitor',
    url: `${address}/v1/docker-flow-monitor/status`,
    schema: MonitorStatus,
    toReading: monitorReading,
  });
}
