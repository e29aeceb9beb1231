export interface AlertmanagerTimes {
  readonly groupWait: string;
  readonly groupInterval: string;
  readonly repeatInterval: string;
}

/**
 * Alertmanager's configuration for the secret `alert_manager_config`: every alert that says `scale` goes to
 * the scaler, grouped so that one notification is about one service and one direction.
 */
export function alertmanagerConfig({ groupWait, groupInterval, repeatInterval }: AlertmanagerTimes): string {
  return `route:
  receiver: nobody
  group_by: [service, scale]
  group_wait: ${groupWait}
  group_interval: ${groupInterval}
  repeat_interval: ${repeatInterval}
  routes:
    - matchers: [ 'type="service"', 'scale=~"up|down"' ]
      receiver: scaler
receivers:
  - name: nobody
  - name: scaler
    webhook_configs:
      - url: http://scaler:8080/v1/scale-service
        send_resolved: false
`;
}
