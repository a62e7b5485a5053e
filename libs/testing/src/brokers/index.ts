export { brokerServers, type BrokerServers } from './broker-servers.ts';
export { describeWithBrokers } from './describe-with-brokers.ts';
export { describeWithInfra } from './describe-with-infra.ts';
export { randomPrefix } from './random-prefix.ts';
