import { productContract } from '@universal-api/protos';
import {
  openKafka,
  openServiceParts,
  startGrpcApp,
  type Host,
  type RunningApp,
  type ServiceSettings,
} from '@universal-api/service';
import { analyticsMigrations } from './store/analytics-migrations.ts';

export { analyticsMigrations };

/** Joins the parts of the analytics service and listens. It has no operations yet: health, reflection and its schema are all there is. */
export async function composeAnalytics(settings: ServiceSettings, host: Host): Promise<RunningApp> {
  const kafka = settings.kafka && (await openKafka(settings.kafka, 'analytics', host));
  const parts = await openServiceParts(settings, { name: 'analytics', migrations: analyticsMigrations, kafka }, host);
  return startGrpcApp(
    { ...parts, contract: productContract(), handlers: {}, dependencies: () => parts.standsOn },
    host,
  );
}
