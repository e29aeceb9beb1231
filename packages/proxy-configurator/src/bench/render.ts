import { median, type Figure } from '@docker-flow/testkit';
import type { RoutedService } from '../core/model/routed-service.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';
import { serviceParameters } from './service.js';

const RUNS = 15;
const settings = settingsOf('/tmp');

/** From the services to the text of the configuration. */
export function render(): readonly Figure[] {
  const all = median(
    Array.from({ length: RUNS }, () => {
      const fresh = services(1_000);
      return cpuMs(() => renderServices(fresh, settings));
    }),
  );
  const many = services(3_000);
  renderServices(many, settings);
  const one = median(
    Array.from({ length: RUNS }, (_, i) => {
      many.push(service(many.length + i));
      return cpuMs(() => renderServices(many, settings));
    }),
  );
  const unit = 'ms of processor time';
  return [
    { what: '1,000 services rendered', value: all, unit, goal: 100 },
    { what: 'one more of 3,000 services rendered', value: one, unit },
  ];
}

function services(count: number): RoutedService[] {
  return Array.from({ length: count }, (_, i) => service(i));
}

function service(i: number): RoutedService {
  const domain = i % 2 === 0 ? {} : { serviceDomain: `s${i}.acme.test` };
  return routedService(serviceParameters(i, domain), settings);
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
