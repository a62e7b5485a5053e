import { Client, credentials, Metadata, type MethodDefinition } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';

/** What `grpc.health.v1` says of a server; `unreachable` when it says nothing. */
export type RemoteHealth = 'serving' | 'not_serving' | 'unreachable';

const retryMs = 500;

const watch = healthService.Watch as MethodDefinition<object, object>;

interface HealthAnswer {
  readonly status: string | number;
}

/**
 * Follows the health of the server at `target` by `grpc.health.v1.Health/Watch`; `onChange` hears each change, first
 * `unreachable`. Tries again every 500 ms after a loss. Returns the function that ends it.
 */
export function watchHealth(target: string, onChange: (state: RemoteHealth) => void): () => void {
  const client = new Client(target, credentials.createInsecure());
  let state: RemoteHealth | undefined;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const tell = (next: RemoteHealth) => {
    if (next !== state && !isStopped) onChange((state = next));
  };
  let cancel = () => {};
  const follow = () => {
    const call = client.makeServerStreamRequest(
      watch.path,
      watch.requestSerialize,
      watch.responseDeserialize,
      { service: '' },
      new Metadata(),
    );
    cancel = () => call.cancel();
    call.on('data', ({ status }: HealthAnswer) =>
      tell(status === 'SERVING' || status === 1 ? 'serving' : 'not_serving'),
    );
    call.on('error', () => {}); // 'close' follows and decides.
    call.on('close', () => {
      tell('unreachable');
      if (!isStopped) timer = setTimeout(follow, retryMs).unref();
    });
  };
  tell('unreachable');
  follow();
  return () => {
    isStopped = true;
    clearTimeout(timer);
    cancel();
    client.close();
  };
}
