/** Life of the scaler's alerts is counted from the moment they are made. */
export interface Alert {
  readonly name: 'scale_service' | 'scale_nodes' | 'reschedule_service';
  /** The service, or a word that stands for one: `bad_request`, `reschedule`, or the node backend. */
  readonly service: string;
  readonly status: 'success' | 'error' | 'pending';
  readonly request: string;
  readonly summary: string;
}

/** The body of one post: an array with one alert, the same for Alertmanager's API v1 and v2. */
export function formatAlert(alert: Alert, atMs: number, lifeMs: number): string {
  return JSON.stringify([
    {
      labels: { alertname: alert.name, service: alert.service, status: alert.status },
      annotations: { request: alert.request, summary: alert.summary },
      startsAt: new Date(atMs).toISOString(),
      endsAt: new Date(atMs + lifeMs).toISOString(),
      generatorURL: '',
    },
  ]);
}
