import { median, type Figure } from '@docker-flow/testkit';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';
import { serviceParameters } from './service.js';

const RUNS = 15;

/** From the services to the text of the configuration. */
export function render(): readonly Figure[] {
  const settings = settingsOf('/tmp');
  const services = Array.from({ length: 1_000 }, (_, i) => {
    const domain = i % 2 === 0 ? {} : { serviceDomain: `s${i}.acme.test` };
    return routedService(serviceParameters(i, domain), settings);
  });
  const times = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    renderServices(services, settings);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return [{ what: '1,000 services rendered', value: median(times), unit: 'ms of processor time', goal: 100 }];
}
