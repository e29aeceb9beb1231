import { readEvents } from '@docker-flow/daemon/http/event-source';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import {
  ScalerActivities,
  ScalerCounts,
  ScalerReplicas,
  ScalerServiceDetail,
  ScalerServices,
  scalerReading,
} from '../core/readings/scaler.js';
import type { ScalerQuestions, Source } from '../ports.js';
import { getJson, getText, readJson } from './get-json.js';

const MOST_DECISIONS = 500;
const TIMEOUT_MS = 5_000;
/** It says something every 15 s. */
const SILENCE_MS = 40_000;

/** Asks the scaler, and hears from its event stream when there is something new. */
export function createScalerSource(http: HttpClient, address: string): Source<'scaler'> {
  const servicesUrl = `${address}/v1/services`;
  const countsUrl = `${address}/v1/counts`;
  const activitiesUrl = `${address}/v1/activities?limit=${MOST_DECISIONS}`;
  let last: readonly string[] = [];
  return {
    name: 'scaler',
    async read(signal) {
      const [services, activities, counts] = await Promise.all([
        getText(http, servicesUrl, signal),
        getText(http, activitiesUrl, signal),
        getCounts(http, countsUrl, signal),
      ]);
      const texts = [services, activities, counts];
      if (texts.every((text, i) => text === last[i])) return 'unchanged';
      const reading = scalerReading(
        readJson(services, ScalerServices, servicesUrl),
        readJson(activities, ScalerActivities, activitiesUrl),
        readJson(counts, ScalerCounts, countsUrl),
      );
      last = texts;
      return reading;
    },
    follow: (onHint, signal) =>
      readEvents({ url: `${address}/v1/events`, signal, silenceMs: SILENCE_MS, onEvent: onHint }),
  };
}

/** A scaler of another version, during an upgrade, counts the tasks of services that it scales only. */
async function getCounts(http: HttpClient, url: string, signal: AbortSignal): Promise<string> {
  const { status, body } = await http.request({ url, signal, timeoutMs: TIMEOUT_MS });
  return status === 200 ? body : '{"counts":{}}';
}

/** What is asked of the scaler for one service that somebody looks at. */
export function createScalerQuestions(http: HttpClient, address: string): ScalerQuestions {
  return {
    async replicas(service) {
      const { replicas } = await getJson(http, `${address}/v1/replicas`, ScalerReplicas);
      return replicas[service] ?? [];
    },
    async tasks(service) {
      const url = `${address}/v1/services/${encodeURIComponent(service)}`;
      return (await getJson(http, url, ScalerServiceDetail)).tasks;
    },
  };
}
