import eslint from '@eslint/js';
import jest from 'eslint-plugin-jest';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const IO_LIBRARIES = [
  'express',
  'axios',
  'dockerode',
  'winston',
  'prom-client',
  '@aws-sdk/*',
  '@docker-flow/daemon',
];

const ZOD = {
  name: 'zod',
  message: 'Use zod/v3: the main entry loads its messages in all languages, 10 MB.',
};
const TRANSPORTS = [
  ...['node:http', 'node:https', 'node:http2', 'axios'].map((name) => ({
    name,
    message:
      'Use @docker-flow/daemon/http: limits, redirects, retries and masked credentials are decided there.',
  })),
  ...['dockerode', 'docker-modem'].map((name) => ({
    name,
    message: 'Use @docker-flow/docker: versions, limits and retries are decided there.',
  })),
];

const TESTS = ['**/*.test.ts', '**/*.e2e.ts'];
const EXPECTATIONS = [
  ...['expect', 'request.**.expect', 'fc.assert', 'until', 'eventually', 'check'],
  // End-to-end tests wait for a state by its name.
  ...['becomes', 'metricSays', 'tellStory', 'areAlike', 'allRunning', '**.waitFor'],
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'coverage/**',
      '.pnpm-store/**',
      '.quickstart/**',
      'docs/.vitepress/cache/**',
    ],
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [
      eslint.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // winston's transports fail this rule by their types alone.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'no-console': 'error',
      '@typescript-eslint/no-restricted-imports': ['error', ZOD, ...TRANSPORTS],
    },
  },
  {
    // Where the two clients are, and what looks at programs from outside.
    files: [
      ...['packages/daemon/src/http/*.ts', 'packages/docker/src/*.ts', 'packages/{testkit,e2e}/src/**/*.ts'],
      ...['packages/*/src/{testing,bench}/**/*.ts', ...TESTS],
    ],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', ZOD] },
  },
  {
    // The pure core: no clock, no environment, no network, no files. What it needs is passed in.
    files: ['packages/labels/src/**/*.ts', 'packages/*/src/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['node:*', ...IO_LIBRARIES], message: 'The core is pure: pass the value in.' }],
        },
      ],
      'no-restricted-globals': [
        'error',
        ...['process', 'console', 'fetch', 'setTimeout', 'setInterval', 'performance', 'crypto'],
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The core is pure: pass the time in.' },
        { object: 'Math', property: 'random', message: 'The core is pure: pass chance in.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: ":matches(NewExpression, CallExpression)[callee.name='Date'][arguments.length=0]",
          message: 'The core is pure: pass the time in.',
        },
      ],
    },
  },
  { files: TESTS, ...jest.configs['flat/recommended'] },
  {
    files: TESTS,
    rules: {
      // Helpers that fail a test: what is waited for does not happen, or an expectation inside of them does not hold.
      'jest/expect-expect': ['error', { assertFunctionNames: EXPECTATIONS }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        AbortSignal: 'readonly',
        AbortController: 'readonly',
      },
    },
  },
  prettier,
);
