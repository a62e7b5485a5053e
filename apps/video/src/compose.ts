import { productContract } from '@universal-api/protos';
import {
  openKafka,
  openServiceParts,
  startGrpcApp,
  type Host,
  type RunningApp,
  type ServiceSettings,
} from '@universal-api/service';
import { videoMigrations } from './store/video-migrations.ts';

export { videoMigrations };

/** Joins the parts of the video service and listens. It has no operations yet: health, reflection and its schema are all there is. */
export async function composeVideo(settings: ServiceSettings, host: Host): Promise<RunningApp> {
  const kafka = settings.kafka && (await openKafka(settings.kafka, 'video', host));
  const parts = await openServiceParts(settings, { name: 'video', migrations: videoMigrations, kafka }, host);
  return startGrpcApp(
    { ...parts, contract: productContract(), handlers: {}, dependencies: () => parts.standsOn },
    host,
  );
}
