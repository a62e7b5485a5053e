import { shellAppContract } from '@universal-api/service/contract';
import { composeAnalytics, analyticsMigrations } from '../src/compose.ts';

shellAppContract({ name: 'analytics', migrations: analyticsMigrations, compose: composeAnalytics });
