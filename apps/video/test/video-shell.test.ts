import { shellAppContract } from '@universal-api/service/contract';
import { composeVideo, videoMigrations } from '../src/compose.ts';

shellAppContract({ name: 'video', migrations: videoMigrations, compose: composeVideo });
