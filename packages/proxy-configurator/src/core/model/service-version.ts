import type { Parameters, ParsedProxyService } from '@docker-flow/labels';
import type { RoutedService } from './routed-service.js';

/** The parameters of a service and what they say. */
export interface ServiceRequest extends ParsedProxyService {
  readonly parameters: Parameters;
}

/** One version of a service: what was asked for, read and completed. */
export interface ServiceVersion extends Pick<ServiceRequest, 'parameters' | 'warnings'> {
  readonly routed: RoutedService;
}

/** Versions of services by name. */
export type Versions = ReadonlyMap<string, ServiceVersion>;

/** Why a service is not routed as it asks: kind for metrics, status and message for the caller. */
export interface Rejection {
  readonly kind: 'labels' | 'unresolved' | 'address' | 'template' | 'port' | 'haproxy' | 'certificate';
  readonly status: number;
  readonly message: string;
  /** The entry port that another service has. */
  readonly taken?: { readonly port: number; readonly by: string } | undefined;
}

/** A version that should run, and the one that runs until then. */
export interface Candidate {
  readonly wanted: ServiceVersion;
  readonly live: ServiceVersion | undefined;
}

/** What a run is to make live. */
export interface WantedServices {
  readonly candidates: ReadonlyMap<string, Candidate>;
  /** Services that wait for an address, and have backends before they have routes. */
  readonly awaited: Versions;
}

/** What became of a version that should run. */
export interface Verdict {
  readonly wanted: ServiceVersion;
  /** The version that runs: the wanted one, or an older one when that was rejected; maybe none. */
  readonly live: ServiceVersion | undefined;
  /** Absent: the wanted version runs. */
  readonly rejection: Rejection | undefined;
}

export type Verdicts = ReadonlyMap<string, Verdict>;
