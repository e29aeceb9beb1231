export { type Cluster, type NewNode } from './docker-engine/cluster.js';
export { createEngineClient, type EngineAnswer, type EngineClient } from './docker-engine/engine-client.js';
export { ENGINE_CONTRACT, type ContractSubject, type Expectation } from './docker-engine/engine-contract.js';
export {
  startFakeDockerEngine,
  type EngineCall,
  type FakeDockerEngine,
  type FakeEngineOptions,
} from './docker-engine/fake-docker-engine.js';
export { NOT_A_MANAGER, NO_LEADER, type Fault } from './docker-engine/faults.js';
export type {
  EngineEvent,
  EngineNode,
  EngineService,
  EngineTask,
  NetworkAttachment,
  ServiceMode,
  ServiceSpec,
  TaskTemplate,
} from './docker-engine/objects.js';
export { formatFigure, isMissed, median, percentile, report, type Figure } from './figures.js';
export { createTestAuthority, type TestAuthority } from './pebble/test-authority.js';
export { freePorts, startPebble, type Pebble, type PebbleOptions } from './pebble/pebble.js';
export { parentOf, processorSeconds, residentMegabytes } from './process-figures.js';
export { fuzzParameters, fuzzTimeoutMs, growthOfTime, type FuzzParameters } from './fuzz.js';
