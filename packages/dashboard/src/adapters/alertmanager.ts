import type { HttpClient } from '@docker-flow/daemon/http/client';
import { AlertsAnswer, alertmanagerReading } from '../core/readings/alertmanager.js';
import type { Source } from '../ports.js';
import { createStatusSource } from './status-source.js';

/** Asks Alertmanager for all alerts it has, silenced ones too. */
export function createAlertmanagerSource(http: HttpClient, address: string): Source<'alertmanager'> {
  return createStatusSource(http, {
    name: 'alertmanager',
    url: `${address}/api/v2/alerts`,
    schema: AlertsAnswer,
    toReading: alertmanagerReading,
  });
}
