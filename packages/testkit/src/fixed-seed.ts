/**
 * Loaded by Jest before each test file: properties look at the same samples in every run, so that a run tells of the
 * change at hand and not of chance. `pnpm fuzz` and `FUZZ_SEED` look at others; what they find becomes a test of its own.
 */
import fc from 'fast-check';
import { fuzzParameters } from './fuzz.js';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: fuzzParameters(0).seed });
