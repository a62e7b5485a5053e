import { beforeAll, describe, expect, test } from '@jest/globals';
import { httpRules, methodsOf, productContract, type Contract } from '@universal-api/protos';
import { buildContract } from '../test/build-contract.ts';
import { complaintsAboutDocument, operationsOf, resolve } from '../test/check-document.ts';
import { loadExamples } from './load-examples.ts';
import { toOpenApi } from './to-openapi.ts';

const options = { title: 'Universal API', version: '1.2.3', serverUrl: '/api/v1', examples: loadExamples() };
const operation = (document: object, id: string) => {
  const found = operationsOf(document).find((entry) => entry.operation['operationId'] === id);
  if (!found) throw new Error(`no operation ${id}`);
  return found;
};
const parameter = (document: object, id: string, name: string) => {
  const parameters = operation(document, id).operation['parameters'] as { name: string }[];
  return parameters.find((candidate) => candidate.name === name);
};
const schema = (document: object, name: string) => resolve(document, `#/components/schemas/${name}`);

describe('the product', () => {
  const contract = productContract();
  const document = toOpenApi(contract, options);

  test('its document keeps every rule of OpenAPI 3.1 that we know how to break', () => {
    expect(complaintsAboutDocument(document)).toEqual([]);
    expect(document).toMatchObject({ openapi: '3.1.1', info: { version: '1.2.3' }, servers: [{ url: '/api/v1' }] });
  });

  test('every HTTP rule is one operation, named after its RPC, and nothing else is', () => {
    const expected = methodsOf(contract).flatMap((method) =>
      httpRules(method).map(({ index }) => (index === 0 ? method.name : `${method.name}_${index + 1}`)),
    );
    const ids = operationsOf(document).map((entry) => entry.operation['operationId']);
    expect(ids.toSorted()).toEqual(expected.toSorted());
    expect(ids).not.toContain('VerifyKey');
    expect(operation(document, 'ListCountries_4').operation['x-alias-of']).toBe('ListCountries');
    expect(operation(document, 'ListCountries').operation).not.toHaveProperty('x-alias-of');
  });

  test('the same contract gives the same bytes', () => {
    expect(JSON.stringify(toOpenApi(contract, options))).toBe(JSON.stringify(document));
    const names = Object.keys(resolve(document, '#/components/schemas') as object);
    expect(names).toEqual(names.toSorted());
  });

  test('a field rule is a bound, a default or a pattern, and a message is dotted names', () => {
    expect(parameter(document, 'GetForecast', 'days')).toEqual({
      name: 'days',
      in: 'query',
      description: 'Number of days, today included.',
      schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 16, default: 7 },
      example: 3,
    });
    expect(parameter(document, 'ForwardGeocode', 'address')).toMatchObject({ required: true, example: 'Lyon' });
    expect(parameter(document, 'ListCountries', 'currency')).toMatchObject({
      schema: { pattern: '^(?:[A-Za-z]{3})$' },
    });
    expect(parameter(document, 'ListCountries', 'routing.only')).toMatchObject({
      style: 'form',
      explode: false,
      schema: { type: 'array', items: { type: 'string' }, maxItems: 32 },
    });
    expect(parameter(document, 'GetTime', 'at')).toMatchObject({ schema: { type: 'string', format: 'date-time' } });
  });

  test('a variable of many segments is marked, and a path fills what the query then lacks', () => {
    expect(operation(document, 'GetTime_2').path).toBe('/worldtime/timezone/{timezone}');
    expect(parameter(document, 'GetTime_2', 'timezone')).toMatchObject({ in: 'path', 'x-multi-segment': true });
    expect(parameter(document, 'GetCountry', 'code')).not.toHaveProperty('x-multi-segment');
    const fields = (operation(document, 'GetCountry').operation['parameters'] as { name: string }[]).map((p) => p.name);
    expect(fields.filter((name) => name === 'code')).toHaveLength(1);
  });

  test('an answer requires the fields that are always printed, and no other', () => {
    expect(schema(document, 'Place')).toMatchObject({ required: ['name', 'label', 'lat', 'lon', 'kind'] });
    expect(schema(document, 'Country')).toMatchObject({
      properties: { names: { type: 'object', additionalProperties: { type: 'string' } } },
    });
    expect(schema(document, 'GetCountryResponse')).not.toHaveProperty('required');
    expect(schema(document, 'Meta')).toMatchObject({ properties: { as_of: { format: 'date-time' } } });
  });

  test('access, classes and groups of fields are told', () => {
    const { operation: current } = operation(document, 'GetCurrentWeather');
    expect(current).toMatchObject({
      tags: ['Weather'],
      summary: 'The weather now',
      description: 'Give exactly one of: `lat` and `lon`, or `place`.',
      security: [{ bearer: ['data:read'] }, { api_key: ['data:read'] }, {}],
      'x-uapi-operation': 'weather.current',
      'x-uapi-cache-class': 'now',
      'x-uapi-rate-class': 'lookup',
      'x-uapi-scope': 'data:read',
    });
    expect(Object.keys(current['responses'] as object)).toEqual([
      '200',
      '400',
      '401',
      '403',
      '404',
      '414',
      '422',
      '429',
      '500',
      '503',
      '504',
    ]);
  });
});

describe('the rules', () => {
  test('see a broken reference, path, name and keyword', () => {
    const text = JSON.stringify(toOpenApi(productContract(), options));
    const broken = (from: string, to: string) => complaintsAboutDocument(JSON.parse(text.replace(from, to)) as object);
    expect(broken('#/components/schemas/Meta', '#/components/schemas/Other').join()).toContain('is nowhere');
    expect(broken('"/countries/{code}"', '"/countries/{kode}"').join()).toContain('GetCountry');
    expect(broken('"operationId":"GetTime_2"', '"operationId":"GetTime"')).toContain('GetTime is there twice');
    expect(broken('"minLength"', '"shortest"').join()).toContain('shortest is no keyword');
  });
});

describe('a contract with all that REST can say', () => {
  let document: object;
  beforeAll(() => {
    document = toOpenApi(buildContract(sample), { ...options, examples });
  });

  test('its document keeps every rule too', () => {
    expect(complaintsAboutDocument(document)).toEqual([]);
  });

  test('a whole body is the request without what the path fills, and its messages are closed', () => {
    expect(operation(document, 'UpdateThing').path).toBe('/things/{id}:update');
    expect(operation(document, 'UpdateThing').operation['requestBody']).toEqual({
      required: true,
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/UpdateThingBody' }, example: { kind: 'a' } },
      },
    });
    expect(schema(document, 'UpdateThingBody')).toMatchObject({
      required: ['kind'],
      additionalProperties: false,
      properties: { kind: { type: 'string', enum: ['a', 'b'] }, thing: { $ref: '#/components/schemas/ThingInput' } },
    });
    expect(schema(document, 'UpdateThingBody')).not.toHaveProperty('properties.id');
    expect(schema(document, 'ThingInput')).toMatchObject({
      properties: { parts: { items: { $ref: '#/components/schemas/ThingInput' } } },
    });
  });

  test('a body of one field leaves the rest to the query, and PATCH derives its mask', () => {
    const { operation: patch, verb } = operation(document, 'PatchThing');
    expect(verb).toBe('patch');
    expect(patch['requestBody']).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ThingInput' } } },
    });
    expect((patch['parameters'] as { name: string }[]).map(({ name }) => name)).toEqual(['id', 'dry', undefined]);
  });

  test('every kind of field has its JSON form', () => {
    expect(schema(document, 'Thing')).toMatchObject({
      required: ['big', 'data', 'colour', 'counts', 'parts'],
      properties: {
        big: { type: 'string', format: 'int64' },
        data: { type: 'string', contentEncoding: 'base64' },
        colour: { type: 'string', enum: ['COLOUR_UNSPECIFIED', 'COLOUR_RED'] },
        counts: { type: 'object', additionalProperties: { type: 'integer', format: 'uint32' } },
        life: { type: 'string' },
        extra: { type: 'object', additionalProperties: true },
        maybe: { type: 'boolean' },
      },
      allOf: [{ oneOf: [{ required: ['text'] }, { required: ['number'] }, { not: { anyOf: [{}, {}] } }] }],
    });
  });

  test('a stream is told as both of its forms, its messages as components', () => {
    const { responses, parameters } = operation(document, 'WatchThings').operation as Record<string, unknown>;
    expect(responses).toMatchObject({
      200: {
        content: {
          'text/event-stream': { 'x-item-schema': { $ref: '#/components/schemas/Thing' } },
          'application/x-ndjson': { 'x-item-schema': { $ref: '#/components/schemas/Thing' } },
        },
      },
    });
    expect(parameters).toContainEqual({ $ref: '#/components/parameters/Last-Event-ID' });
  });

  test('status, response body, key, form, deprecation and public access are told', () => {
    const { operation: update } = operation(document, 'CreateThing');
    expect(update).toMatchObject({
      deprecated: true,
      security: [],
      requestBody: { content: { 'application/x-www-form-urlencoded': {} } },
      responses: { 201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } } },
    });
    expect(update['parameters']).toEqual([{ $ref: '#/components/parameters/Idempotency-Key' }]);
    const statuses = Object.keys(update['responses'] as object);
    expect(statuses).toEqual(expect.arrayContaining(['409', '413', '415', '422']));
    for (const absent of ['401', '403', '414', '502']) expect(statuses).not.toContain(absent);
    expect(operation(document, 'DeleteThing').operation).toMatchObject({ responses: { 204: {} } });
    expect(operation(document, 'DeleteThing').operation).not.toHaveProperty('responses.204.content');
  });

  test('a name that two things want is told apart', () => {
    expect(schema(document, 'uapi.sample.v1.Problem')).toMatchObject({ properties: { mine: { type: 'boolean' } } });
    expect(schema(document, 'Problem')).toMatchObject({ properties: { 'violated-policies': { type: 'array' } } });
  });
});

describe('a contract that contradicts itself', () => {
  const service = (methods: string) => `service SampleService { ${methods} } message Q { string id = 1; } message A {}`;
  const method = (name: string, rule: string) =>
    `rpc ${name}(Q) returns (A) { option (google.api.http) = ${rule};
     option (uapi.options.v1.method) = { access: ACCESS_PUBLIC idempotency: IDEMPOTENCY_SAFE }; }`;
  const document = (contract: Contract) => () => toOpenApi(contract, { ...options, examples: new Map() });

  test('is refused with the name of what is wrong', () => {
    const refused = [
      [method('Get', '{ get: "/things/{name}" }'), 'no field name'],
      [method('Get', '{ get: "/things/*" }'), 'a wildcard needs a variable'],
      [method('Get', '{ post: "/things" body: "thing" }'), 'no field thing'],
      [method('Get', '{ get: "/things" response_body: "thing" }'), 'no field thing'],
      [method('Get', '{ get: "/x" }') + method('Other', '{ get: "/x" }'), 'two operations answer get /x'],
    ] as const;
    for (const [methods, complaint] of refused) {
      expect(document(buildContract(service(methods)))).toThrow(complaint);
    }
  });
});

const examples = new Map([['UpdateThing', { request: { id: 'x', kind: 'a' } }]]);

const sample = `
// Things.
service SampleService {
  // Makes one. It is new.
  rpc CreateThing(Thing) returns (CreateThingResponse) {
    option (google.api.http) = { post: "/things" body: "*" response_body: "thing" };
    option (uapi.options.v1.method) = { access: ACCESS_PUBLIC idempotency: IDEMPOTENCY_KEY success_status: 201
      accept_form: true deprecated_since: "2026-01-01" };
  }
  rpc UpdateThing(UpdateThingRequest) returns (Problem) {
    option (google.api.http) = { post: "/things/{id}:update" body: "*" };
    option (uapi.options.v1.method) = { access: ACCESS_SCOPE scope: "data:write" idempotency: IDEMPOTENCY_NONE };
  }
  rpc PatchThing(PatchThingRequest) returns (Thing) {
    option (google.api.http) = { patch: "/things/{id}" body: "thing" };
    option (uapi.options.v1.method) = { access: ACCESS_SCOPE scope: "data:write" idempotency: IDEMPOTENCY_KEY };
  }
  rpc DeleteThing(DeleteThingRequest) returns (DeleteThingResponse) {
    option (google.api.http) = { delete: "/things/{id}" };
    option (uapi.options.v1.method) = { access: ACCESS_SCOPE scope: "data:write" idempotency: IDEMPOTENCY_NONE
      success_status: 204 };
  }
  rpc WatchThings(WatchThingsRequest) returns (stream Thing) {
    option (google.api.http) = { get: "/{parent=shelves/*/boxes/**}/things" };
    option (uapi.options.v1.method) = { access: ACCESS_SCOPE scope: "data:read" idempotency: IDEMPOTENCY_SAFE
      sse: { id_field: "big" resume: true } };
  }
}
message Thing {
  int64 big = 1;
  bytes data = 2;
  Colour colour = 3;
  map<string, uint32> counts = 4;
  repeated Thing parts = 5;
  optional google.protobuf.Duration life = 6;
  google.protobuf.Struct extra = 7;
  google.protobuf.BoolValue maybe = 8;
  oneof value { string text = 9; double number = 10; }
}
enum Colour { COLOUR_UNSPECIFIED = 0; COLOUR_RED = 1; }
message CreateThingResponse { Thing thing = 1; }
message UpdateThingRequest {
  string id = 1;
  optional string kind = 2 [(uapi.options.v1.field) = { required: true one_of: ["a", "b"] }];
  Thing thing = 3;
}
message PatchThingRequest { string id = 1; Thing thing = 2; google.protobuf.FieldMask update_mask = 3; bool dry = 4; }
message DeleteThingRequest { string id = 1; }
message DeleteThingResponse {}
message WatchThingsRequest { string parent = 1; repeated Colour colours = 2; repeated Thing like = 3; Thing one = 4; }
message Problem { bool mine = 1; }
`;
