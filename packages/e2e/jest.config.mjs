/** Tests on a real Docker Swarm; scripts/e2e starts one for each file. */
export default {
  rootDir: '../..',
  roots: ['<rootDir>/packages/e2e'],
  testMatch: ['**/src/**/*.e2e.ts'],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/'],
  testEnvironment: 'node',
  // A test ends by its own waits; this is for those that hang.
  testTimeout: 1_800_000,
  // A file that failed half way may leave streams open; the run must go on.
  forceExit: true,
  maxWorkers: 1,
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
  moduleNameMapper: {
    '^@docker-flow/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@docker-flow/([^/]+)/(.+)$': '<rootDir>/packages/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
