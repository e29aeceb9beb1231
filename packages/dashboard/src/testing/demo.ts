import { createLogger } from '@docker-flow/daemon/log/logger';
import { manyServices, sampleState } from './sample-state.js';
import { startDashboard } from './start-dashboard.js';
import { startSimulatedLoop } from './simulated-loop.js';

/** The page over a simulated loop, to look at: `node dist/testing/demo.js [number of services]`. */
const count = Number(process.argv[2] ?? 0);
const state = count > 0 ? manyServices(count, Date.now()) : sampleState(Date.now());
const loop = await startSimulatedLoop(state);
const { url } = await startDashboard({ addresses: loop.addresses });
createLogger({ program: 'dashboard' }).info('Open the page', { url: `${url}/` });
