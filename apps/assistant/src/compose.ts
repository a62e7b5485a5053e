import { productContract } from '@universal-api/protos';
import {
  openKafka,
  openServiceParts,
  startGrpcApp,
  type Host,
  type RunningApp,
  type ServiceSettings,
} from '@universal-api/service';
import { assistantMigrations } from './store/assistant-migrations.ts';

export { assistantMigrations };

/** Joins the parts of the assistant service and listens. It has no operations yet: health, reflection and its schema are all there is. */
export async function composeAssistant(settings: ServiceSettings, host: Host): Promise<RunningApp> {
  const kafka = settings.kafka && (await openKafka(settings.kafka, 'assistant', host));
  const parts = await openServiceParts(settings, { name: 'assistant', migrations: assistantMigrations, kafka }, host);
  return startGrpcApp(
    { ...parts, contract: productContract(), handlers: {}, dependencies: () => parts.standsOn },
    host,
  );
}
