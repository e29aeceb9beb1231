import { formatIssue, nameIssues, type Parameters } from '@docker-flow/labels';
import {
  isDockerServiceName,
  readServiceRequest,
  type RequestSettings,
  type ServiceRequest,
} from '../core/wishes/service-request.js';

/** A service that nothing is ordered for, because of what is written at it. */
export interface RejectedService {
  readonly service: string;
  readonly reason: string;
}

/** What the services that are known ask for. */
export interface ReadServices {
  readonly requests: readonly ServiceRequest[];
  readonly rejected: readonly RejectedService[];
}

export interface ServiceReader {
  read(services: readonly (readonly [string, Parameters])[]): ReadServices;
}

/** Reads each service once: the same parameters are not read again. */
export function createServiceReader(settings: RequestSettings): ServiceReader {
  const known = new WeakMap<Parameters, ServiceRequest | 'nothing'>();
  return {
    read(services: readonly (readonly [string, Parameters])[]): ReadServices {
      const requests: ServiceRequest[] = [];
      const rejected: RejectedService[] = [];
      for (const [service, parameters] of services) {
        const request = known.get(parameters) ?? readServiceRequest(parameters, settings) ?? 'nothing';
        known.set(parameters, request);
        if (request === 'nothing') {
          const issues = nameIssues(parameters, { service, reader: 'certificates' });
          rejected.push(...issues.map((issue) => ({ service, reason: formatIssue(issue) })));
          continue;
        }
        if (isDockerServiceName(service)) requests.push(request);
        else
          rejected.push({
            service: JSON.stringify(service).slice(0, 80),
            reason: 'is not the name of a Docker service',
          });
      }
      return { requests, rejected };
    },
  };
}
