import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Imports point downwards only (docs/design.md, "Layers"): for each layer, what it may not know.
 * A folder may import itself, whatever stands below it, src/errors.ts, src/figures.ts and the like.
 */
const layers = {
  coupon: ['config', 'pipeline', 'monitor', 'kafka', 'store', 'broker', 'output', 'commands'],
  config: ['coupon', 'pipeline', 'monitor', 'kafka', 'store', 'broker', 'output', 'commands'],
  pipeline: ['monitor', 'kafka', 'store', 'broker', 'output', 'commands'],
  monitor: ['kafka', 'store', 'broker', 'output', 'commands'],
  kafka: ['store', 'broker', 'output', 'commands'],
  store: ['kafka', 'monitor', 'broker', 'output', 'commands'],
  broker: ['coupon', 'pipeline', 'monitor', 'kafka', 'store', 'output', 'commands'],
  output: ['pipeline', 'monitor', 'kafka', 'store', 'broker', 'commands'],
};
const wiring = ['context', 'program', 'main'];

/** Libraries that one folder (or two) has to itself. */
const homes = {
  kafkajs: ['kafka'],
  'better-sqlite3': ['store', 'broker'],
  commander: ['program'],
};

const restrict = (folders, libraries) => [
  'error',
  {
    patterns: folders.map((folder) => ({
      regex: `^(\\.\\./)+(${folder})(/|\\.js$)`,
      message: 'Imports point downwards only: see docs/design.md, "Layers".',
    })),
    paths: libraries.map((name) => ({
      name,
      message: 'This library has one home: docs/design.md.',
    })),
  },
];

const layerRules = Object.entries(layers).map(([layer, above]) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': restrict(
      [...above, ...wiring],
      Object.keys(homes).filter((name) => !homes[name].includes(layer)),
    ),
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.kafka/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['test/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['vitest.config.ts', '**/*.d.ts'], rules: { 'no-restricted-exports': 'off' } },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['bin/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { require: 'readonly', __dirname: 'readonly' },
    },
  },
  {
    files: ['src/commands/**/*.ts'],
    rules: { 'no-restricted-imports': restrict(['program', 'main'], Object.keys(homes)) },
  },
  ...layerRules,
);
