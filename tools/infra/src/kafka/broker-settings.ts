/** Where one broker listens and keeps its log. */
export interface BrokerPlace {
  readonly port: number;
  readonly controllerPort: number;
  readonly data: string;
}

/**
 * Settings of one broker that is its own controller (KRaft), small enough to start in a second; `extra` wins.
 * The session of 1.5 s is what a restart after a kill waits for (2.6 s instead of 11).
 */
export function brokerSettings({ port, controllerPort, data }: BrokerPlace, extra: Readonly<Record<string, string>>) {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    'auto.create.topics.enable': 'false',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '3',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'background.threads': '2',
    'log.cleaner.dedupe.buffer.size': '8388608',
    'broker.session.timeout.ms': '1500',
    'broker.heartbeat.interval.ms': '300',
    ...extra,
  };
}

/** The settings as a `.properties` file. */
export function toProperties(settings: Readonly<Record<string, string>>): string {
  return `${Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/** Writes to the standard output; `kafka.server` speaks from `info` on, which has the line that says it is ready. */
export const logSettings = {
  status: 'warn',
  'appender.c.type': 'Console',
  'appender.c.name': 'C',
  'appender.c.layout.type': 'PatternLayout',
  'appender.c.layout.pattern': '[%d] %p %m (%c)%n',
  'rootLogger.level': 'warn',
  'rootLogger.appenderRef.c.ref': 'C',
  'logger.srv.name': 'kafka.server',
  'logger.srv.level': 'info',
} as const;
