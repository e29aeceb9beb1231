// Only until every program takes it from its own file.
export { sleep } from './sleep.js';
