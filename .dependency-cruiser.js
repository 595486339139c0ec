/**
 * What may import what (docs/design.md, "Layers"): `npm run lint` checks it. For each folder of src/,
 * the folders that it may import; every folder may import itself and the files in src/ itself.
 */
const imports = {
  text: [],
  coupon: [],
  config: [],
  ports: ['coupon'],
  records: ['ports', 'coupon'],
  produce: ['records', 'ports', 'coupon'],
  'dead-letters': ['produce', 'records', 'ports', 'coupon', 'text'],
  issued: ['dead-letters', 'records', 'ports', 'coupon'],
  consume: ['dead-letters', 'records', 'ports', 'coupon', 'text'],
  topics: ['records', 'ports', 'coupon'],
  readings: ['ports'],
  lag: ['records', 'ports', 'coupon', 'text'],
  advice: [
    ...['lag', 'consume', 'topics', 'dead-letters'],
    ...['records', 'ports', 'coupon', 'text'],
  ],
  status: [
    ...['readings', 'advice', 'lag', 'consume', 'topics', 'dead-letters'],
    ...['records', 'ports', 'coupon', 'text'],
  ],
  history: ['records', 'ports', 'coupon', 'text'],
  audit: ['dead-letters', 'records', 'ports', 'coupon', 'text'],
  bench: ['consume', 'text'],
  words: [
    ...['advice', 'audit', 'config', 'consume', 'dead-letters', 'doctor', 'history', 'issued'],
    ...['lag', 'readings', 'status'],
    ...['records', 'ports', 'coupon', 'text'],
  ],
  serve: [
    ...['words', 'advice', 'audit', 'consume', 'dead-letters', 'issued', 'lag', 'produce'],
    ...['readings', 'topics'],
    ...['records', 'ports', 'coupon', 'text'],
  ],
  copy: ['ports', 'coupon'],
  doctor: ['records', 'ports', 'coupon', 'text'],
  kafka: ['records', 'ports', 'coupon'],
  store: ['records', 'ports', 'coupon'],
  broker: [],
  output: ['text'],
};

/** Libraries that one folder (or two) has to itself. */
const homes = {
  kafkajs: ['kafka'],
  'better-sqlite3': ['store', 'broker', 'sqlite-database.ts'],
  pg: ['store'],
  'prom-client': ['serve'],
  preact: ['serve/web'],
  uplot: ['serve/web'],
  commander: ['cli', 'main.ts'],
};

const downwards = Object.entries(imports).map(([folder, allowed]) => ({
  name: `${folder}-imports-downwards`,
  comment: 'Imports point downwards only: see docs/design.md, "Layers".',
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/(main\\.ts|[^/]+/)', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

const libraries = Object.entries(homes).map(([library, folders]) => ({
  name: `${library}-has-one-home`,
  comment: 'One folder alone knows this library: docs/design.md.',
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${folders.join('|')})(/|$)` },
  to: { path: `node_modules/(@types/)?${library}/` },
}));

export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Also of types: two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'commands-use-ports',
      comment: 'Only services.ts constructs the adapters of Kafka; commands know its ports.',
      severity: 'error',
      from: { path: '^src/cli/', pathNot: '^src/cli/services\\.ts$' },
      to: { path: '^src/kafka/' },
    },
    {
      name: 'the-page-runs-in-a-browser',
      comment: 'It knows what the server sends (wire/), figures and the domain: nothing of Node.',
      severity: 'error',
      from: { path: '^src/serve/web/' },
      to: {
        pathNot:
          '^(src/serve/web/|src/serve/console/wire/|src/words/languages\\.ts$|src/text/|src/coupon/|src/words/ko/figures\\.ts$|node_modules/(preact|uplot)/)',
      },
    },
    {
      name: 'the-server-needs-no-page',
      comment: 'It serves dist/console/, which is built from src/serve/web/.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/serve/web/' },
      to: { path: '^src/serve/web/' },
    },
    ...downwards,
    ...libraries,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
