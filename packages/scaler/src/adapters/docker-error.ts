export { DockerError } from '../ports.js';
