import {
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type handleUnaryCall,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import express from 'express';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';

/**
 * The bare hop: Express in, grpc-js over loopback to a server in the same process, out as JSON, with the libraries'
 * defaults. `/with-get` makes the upstream GET that the product makes; `/without` makes none. Nothing else: no identity,
 * limits, checks, routing, provenance.
 */
const upstream = process.env['UPSTREAM'] ?? '';
const image = readFileSync(new URL('../../../libs/protos/gen/image.binpb', import.meta.url));
const loaded = loadPackageDefinition(loadFileDescriptorSetFromBuffer(image)) as unknown as {
  uapi: { search: { v1: Record<'WeatherService' | 'TimeService', ServiceClientConstructor> } };
};
const { WeatherService, TimeService } = loaded.uapi.search.v1;
const dispatcher = new Agent({ connections: 64 });

const getCurrentWeather: handleUnaryCall<{ lat: number; lon: number }, object> = (call, callback) => {
  readUpstream(call.request.lat, call.request.lon).then(
    (answer) => callback(null, answer),
    (error: Error) => callback(error),
  );
};
const getTime: handleUnaryCall<{ timezone: string }, object> = (call, callback) => {
  callback(null, { timezone: call.request.timezone, localTime: new Date().toISOString(), unixS: Date.now() / 1000 });
};
const unused: handleUnaryCall<object, object> = (_call, callback) => callback(null, {});

const server = new Server();
server.addService(WeatherService.service, { GetCurrentWeather: getCurrentWeather, GetForecast: unused });
server.addService(TimeService.service, {
  GetTime: getTime,
  ConvertTime: unused,
  ListTimeZones: unused,
  GetTimeZoneAt: unused,
});

async function readUpstream(lat: number, lon: number): Promise<object> {
  const { body } = await request(`${upstream}/forecast?latitude=${lat}&longitude=${lon}`, { dispatcher });
  const answer = (await body.json()) as { current: { temperature_2m: number; relative_humidity_2m: number } };
  return {
    location: { name: `${lat}, ${lon}`, lat, lon },
    temperatureC: answer.current.temperature_2m,
    humidityPct: answer.current.relative_humidity_2m,
    condition: 'clear',
  };
}

server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  const weather = new WeatherService(`127.0.0.1:${port}`, credentials.createInsecure());
  const time = new TimeService(`127.0.0.1:${port}`, credentials.createInsecure());
  const app = express();
  app.get('/weather/current', (incoming, response) => {
    const question = { lat: Number(incoming.query['lat']), lon: Number(incoming.query['lon']) };
    weather['GetCurrentWeather']?.(question, (failure: unknown, answer: object) => {
      if (failure) response.status(502).end();
      else response.json(answer);
    });
  });
  app.get('/time/now', (incoming, response) => {
    time['GetTime']?.({ timezone: incoming.query['timezone'] }, (failure: unknown, answer: object) => {
      if (failure) response.status(502).end();
      else response.json(answer);
    });
  });
  const listener = app.listen(0, '127.0.0.1', () => {
    process.send?.({ url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}` });
  });
});
process.on('SIGINT', () => process.exit());
