import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'

const layers = {
  pure: ['pure'],
  plugin: ['pure'],
  domain: ['pure', 'domain'],
  adapter: ['pure', 'domain', 'adapter'],
  app: ['pure', 'plugin', 'domain', 'adapter', 'app'],
  tools: ['pure', 'adapter'],
  // The console knows the API by its schema alone.
  client: ['client'],
  web: ['client'],
  testing: ['pure', 'adapter', 'testing'],
}
const constraint = ([layer, targets]) => ({
  sourceTag: `layer:${layer}`,
  onlyDependOnLibsWithTags: targets.map((target) => `layer:${target}`),
})
const boundaries = (allow) => [
  'error',
  {
    allow,
    enforceBuildableLibDependency: false,
    depConstraints: Object.entries(layers).map(constraint),
  },
]

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/out-tsc',
      '**/coverage',
      '**/generated',
      '**/*.sql.ts',
      '.nx',
      '**/node_modules',
      '.mediakeep',
      'libs/sources/src/*/samples',
      'vitest.shared.d.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries([]),
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'max-lines': ['error', { max: 250 }],
      'no-console': 'error',
    },
  },
  {
    files: ['apps/web/**/*.tsx', 'apps/web/**/*.ts'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    // Tests stand outside the layers: they bring real adapters to what takes a port.
    files: ['**/*.test.ts', '**/*.fixture.ts', '**/*.drill.ts', '**/vitest*.config.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['**/scripts/**/*.js', '**/bin/*.js', '**/example/*.js', 'eslint.config.js'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', fetch: 'readonly' },
    },
  },
)
