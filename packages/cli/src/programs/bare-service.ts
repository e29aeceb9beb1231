import type { Parameters } from '@docker-flow/labels';
import type { Stack, StackService } from '../stack/stack.js';
import type { NotifiedService } from './notified-service.js';

const NOWHERE = { file: '', line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A service that stands in no file. */
export function bareService(name: string): StackService {
  return {
    name,
    place: NOWHERE,
    image: '',
    environment: new Map(),
    labels: [],
    containerLabels: [],
    mode: 'replicated',
    networks: [],
    secrets: [],
    ports: [],
    mounts: [],
    reserved: new Map(),
  };
}

/** A stack that stands in no file. */
export function bareStack(name: string, services: readonly StackService[] = []): Stack {
  return { name, files: [], services, networks: new Map(), problems: [], sources: new Map() };
}

/** A service of which only its announcement is known. */
export function announcedService(fullName: string, parameters: Parameters): NotifiedService {
  return {
    stack: bareStack(''),
    service: bareService(fullName),
    fullName,
    isNotified: true,
    parameters,
    labels: {},
  };
}
