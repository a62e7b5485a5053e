import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createGrpcChannel, createServiceClient, requestNames } from '@universal-api/grpc';
import { loadExamples, toOpenApi } from '@universal-api/openapi';
import { createPrincipalMinter } from '@universal-api/principal';
import { loadContract, type Contract, type DescService } from '@universal-api/protos';
import {
  buildImage,
  layOutTestProtos,
  randomKeyRing,
  startTestService,
  testServices,
  type TestServices,
} from '@universal-api/testing';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startTestGateway } from './start-test-gateway.ts';

/** What somebody writes who adds an operation: a method with rule, options and messages … */
const method = `
  // A greeting for a thing.
  rpc GreetThing(GreetThingRequest) returns (GreetThingResponse) {
    option (google.api.http) = {get: "/testing/things/{id}/greeting"};
    option (uapi.options.v1.method) = {
      operation: "testing.greet"
      access: ACCESS_ANONYMOUS
      scope: "data:read"
      rate_class: "lookup"
      idempotency: IDEMPOTENCY_SAFE
    };
  }
`;
const messages = `
// Whom to greet.
message GreetThingRequest {
  // Its id.
  string id = 1;
  // How often.
  optional int32 times = 2 [(uapi.options.v1.field) = {min: 1, max: 3}];
}

// The greeting.
message GreetThingResponse {
  // What was said.
  string greeting = 1;
}
`;
/** … an example, a handler and its row in the binder. */
const example = { request: { id: 't1', times: 2 }, response: { greeting: 'hello t1 hello t1' } };
const greetThing = async ({ id, times }: { id: string; times?: number }) => ({
  greeting: Array.from({ length: times ?? 1 }, () => `hello ${id}`).join(' '),
});

const repository = fileURLToPath(new URL('../../../', import.meta.url));
let folder: string;
let contract: Contract;
let services: TestServices;

beforeAll(() => {
  // Inside the repository, so that generated code finds the packages it imports.
  mkdirSync(join(repository, 'apps/gateway/dist'), { recursive: true });
  folder = mkdtempSync(join(repository, 'apps/gateway/dist/add-rpc-'));
  layOutTestProtos(folder);
  edit('testing.proto', (text) => text.replace('service ThingService {', `service ThingService {${method}`));
  edit('thing.proto', (text) => text + messages);
  mkdirSync(join(folder, 'uapi/testing/v1/examples'));
  writeFileSync(join(folder, 'uapi/testing/v1/examples/testing.greet.json'), JSON.stringify(example));
  contract = loadContract(buildImage(folder));
  const known = testServices();
  services = { ...known, 'uapi.testing.v1.ThingService': { ...known['uapi.testing.v1.ThingService'], greetThing } };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function edit(name: string, change: (text: string) => string): void {
  const file = join(folder, 'uapi/testing/v1', name);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function run(program: string, args: readonly string[]): void {
  const binaries = join(repository, 'node_modules/.bin');
  const path = [binaries, dirname(process.execPath), process.env.PATH].join(delimiter);
  execFileSync(join(binaries, program), args, { cwd: folder, env: { ...process.env, PATH: path }, stdio: 'pipe' });
}

test('a method, a handler and a row give a route that answers the example and refuses what the options refuse', async () => {
  const gateway = await startTestGateway({ contract, services });
  try {
    const { id, times } = example.request;
    const response = await gateway.fetch(`/api/v1/testing/things/${id}/greeting?times=${times}`);
    expect(await response.json()).toEqual(example.response);
    expect(response.headers.get('ratelimit-policy')).toContain('lookup-min');
    const refused = await gateway.fetch(`/api/v1/testing/things/${id}/greeting?times=4`);
    expect(await refused.json()).toMatchObject({ code: 'invalid_request', errors: [{ field: 'times' }] });
  } finally {
    await gateway.stop();
  }
});

test('they give an entry in the OpenAPI document, with the example', () => {
  const examples = loadExamples(pathToFileURL(`${folder}/`));
  const document = toOpenApi(contract, { title: 'Test', version: '1', serverUrl: '/api/v1', examples }) as {
    paths: Record<string, { get?: { operationId?: string } }>;
  };
  const entry = document.paths['/testing/things/{id}/greeting']?.get;
  expect(entry?.operationId).toBe('GreetThing');
  expect(JSON.stringify(entry)).toContain(example.response.greeting);
});

test('they give a typed client', async () => {
  const template = {
    version: 'v2',
    plugins: [
      {
        local: 'protoc-gen-es',
        out: 'client',
        opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'],
        include_imports: true,
      },
    ],
  };
  run('buf', ['generate', '--template', JSON.stringify(template)]);
  checkTypes();
  const generated = (await import(join(folder, 'client/uapi/testing/v1/testing_pb.ts'))) as {
    ThingService: DescService;
  };

  const keys = randomKeyRing();
  const service = await startTestService({ keys, contract, services });
  const channel = createGrpcChannel(contract, service.address);
  try {
    const client = createServiceClient(channel, generated.ThingService) as unknown as Greeter;
    const principal = createPrincipalMinter({ keys, issuer: 'test', clock: Date.now }).mint({
      audience: 'testing',
      method: '/uapi.testing.v1.ThingService/GreetThing',
      claims: {
        tid: 't',
        sub: 's',
        typ: 'system',
        scp: ['data:read'],
        plan: 'free',
        mode: 'live',
        pri: 'normal',
        rid: 'r',
        cid: 'c',
      },
    });
    const options = { deadlineAt: Date.now() + 5_000, metadata: { [requestNames.principal]: principal } };
    expect(await client.greetThing(example.request, options)).toMatchObject(example.response);
  } finally {
    channel.close();
    await service.stop();
  }
}, 60_000);

interface Greeter {
  greetThing(request: object, options: object): Promise<object>;
}

/** Has the compiler read a program that uses the client rightly, and wrongly where it says so. */
function checkTypes(): void {
  writeFileSync(
    join(folder, 'use-client.ts'),
    `import { createServiceClient, type GrpcChannel } from '@universal-api/grpc';
import { ThingService } from './client/uapi/testing/v1/testing_pb.ts';

export async function greet(channel: GrpcChannel): Promise<string> {
  const client = createServiceClient(channel, ThingService);
  const { greeting } = await client.greetThing({ id: 't1', times: 2 }, { deadlineAt: 0, metadata: {} });
  // @ts-expect-error A field that the request does not have.
  await client.greetThing({ name: 't1' }, { deadlineAt: 0, metadata: {} });
  // @ts-expect-error A method that the service does not have.
  void client.greetNobody;
  return greeting;
}
`,
  );
  const config = { extends: join(repository, 'tsconfig.base.json'), files: ['use-client.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  run('tsc', ['-p', 'tsconfig.json']);
}
