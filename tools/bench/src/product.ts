import { newId } from '@universal-api/ids';
import { openProcess, readConfig, startProduct } from '@universal-api/standalone/compose';

/** The product in a process of its own; tells its address and its first key when it runs. */
const config = readConfig(process.env);
const own = await openProcess(config.host);
let key = '';
const product = await startProduct(config, own.host, (line) => {
  key = /uapi_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}/.exec(line)?.[0] ?? key;
});
process.send?.({ url: `http://127.0.0.1:${product.ports.http}`, key, run: newId() });
process.on('SIGINT', () => {
  void product.stop(1_000).then(() => process.exit());
});
