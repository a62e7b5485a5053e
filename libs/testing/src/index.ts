export { buildImage, layOutTestProtos } from './build-image.ts';
export { createEchoService } from './echo-service.ts';
export {
  randomKeyRing,
  startTestService,
  testServices,
  type TestService,
  type TestServiceOptions,
  type TestServices,
} from './start-test-service.ts';
export { testContract } from './test-contract.ts';
export { createThingService, type TestProbe } from './thing-service.ts';
