/** Tests run as ES modules, since several packages ship nothing else; each Nx project runs this file with its own root. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.broker\\.test\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/\\.data', '<rootDir>/\\.nx'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
