import { shellAppContract } from '@universal-api/service/contract';
import { composeAssistant, assistantMigrations } from '../src/compose.ts';

shellAppContract({ name: 'assistant', migrations: assistantMigrations, compose: composeAssistant });
