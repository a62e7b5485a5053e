export { fillRedis, flushRedis } from './flush-redis.ts';
export { type ProxyTarget, startTcpProxy, type TcpProxy } from './proxy/start-tcp-proxy.ts';
export { type RepeatedFault, repeatFault } from './repeat-fault.ts';
export { freezeOwn, killOwn, signalOwn, thawOwn } from './signal-own.ts';
