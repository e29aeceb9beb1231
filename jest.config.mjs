/** Unit tests of every package, straight from the sources: no build needed. */
export default {
  roots: ['<rootDir>/packages'],
  testMatch: ['**/src/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/'],
  testEnvironment: 'node',
  // A hanging test ends; a busy machine fails none. How long a suite takes is looked at elsewhere.
  testTimeout: 180_000,
  setupFiles: ['<rootDir>/packages/testkit/src/fixed-seed.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
  moduleNameMapper: {
    '^@docker-flow/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
    '^@docker-flow/([^/]+)/(.+)$': '<rootDir>/packages/$1/src/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  coverageProvider: 'v8',
};
