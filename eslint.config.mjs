import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { vendorHomes } from './tools/checks/vendor-homes.mjs';

const contract = ['type:contract'];
const kit = [...contract, 'type:kit'];
const provider = [...kit, 'type:provider'];

/** One scope per app; an app sees its own and what is shared. */
const appScopes = [
  'scope:gateway',
  'scope:search',
  'scope:auth',
  'scope:video',
  'scope:assistant',
  'scope:analytics',
  'scope:webhook',
];

/** Who may import whom, on two axes: `scope:` keeps services apart, `type:` keeps the layers in order. */
const boundaries = [
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:gateway', onlyDependOnLibsWithTags: ['scope:gateway', 'scope:shared'] },
  { sourceTag: 'scope:search', onlyDependOnLibsWithTags: ['scope:search', 'scope:shared'] },
  { sourceTag: 'scope:auth', onlyDependOnLibsWithTags: ['scope:auth', 'scope:shared'] },
  { sourceTag: 'scope:video', onlyDependOnLibsWithTags: ['scope:video', 'scope:shared'] },
  { sourceTag: 'scope:assistant', onlyDependOnLibsWithTags: ['scope:assistant', 'scope:shared'] },
  { sourceTag: 'scope:analytics', onlyDependOnLibsWithTags: ['scope:analytics', 'scope:shared'] },
  { sourceTag: 'scope:webhook', onlyDependOnLibsWithTags: ['scope:webhook', 'scope:shared'] },
  { sourceTag: 'scope:standalone', onlyDependOnLibsWithTags: ['scope:standalone', ...appScopes, 'scope:shared'] },
  {
    sourceTag: 'scope:tools',
    onlyDependOnLibsWithTags: ['scope:tools', 'scope:standalone', ...appScopes, 'scope:shared'],
  },
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: contract },
  { sourceTag: 'type:kit', onlyDependOnLibsWithTags: kit },
  { sourceTag: 'type:provider', onlyDependOnLibsWithTags: kit },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: provider },
  { sourceTag: 'type:host', onlyDependOnLibsWithTags: [...provider, 'type:app'] },
  { sourceTag: 'type:testing', onlyDependOnLibsWithTags: [...provider, 'type:testing'] },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: [...provider, 'type:testing', 'type:app', 'type:host', 'type:tool'],
  },
];
/** Tests may also use what only tests may use: builders, loopback players, test databases, the composed apps. */
const testBoundaries = boundaries.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, 'type:testing'],
}));

const tests = ['**/*.test.ts', '**/*.contract.ts', '**/*.fault.ts', '**/test/**/*.ts'];
/** One sub-path of these, with a heavy package behind it, is read where it is used; the rest of the lib is always there. */
const checkDynamicDependenciesExceptions = ['@universal-api/events', '@universal-api/events/*'];
const boundaryRule = (depConstraints) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allowCircularSelfDependency: true,
    allow: [],
    checkDynamicDependenciesExceptions,
    depConstraints,
  },
];

export default tseslint.config(
  { ignores: ['**/node_modules', '**/dist', '.nx', '.data', '.setup', 'libs/protos/gen', 'libs/testing/gen'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': boundaryRule(boundaries),
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 300 }],
    },
  },
  { files: tests, rules: { '@nx/enforce-module-boundaries': boundaryRule(testBoundaries), 'max-lines': 'off' } },
  { files: ['tools/**/*'], rules: { 'no-console': 'off' } },
  ...vendorHomes,
);
