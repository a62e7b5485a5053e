import type { Command, RunningWithAuth } from '../running.ts';
import type { ServiceCommandName } from '../words/command-forms.ts';
import { auditCommands } from './audit-commands.ts';
import { keyCommands } from './key-commands.ts';
import { limitCommands } from './limit-commands.ts';
import { platformCommands } from './platform-commands.ts';
import { tenantCommands } from './tenant-commands.ts';
import { userCommands } from './user-commands.ts';

/** Commands that speak to the auth service of a running installation. */
export const serviceCommands: Readonly<Record<ServiceCommandName, Command<RunningWithAuth>>> = {
  ...tenantCommands,
  ...userCommands,
  ...keyCommands,
  ...platformCommands,
  ...limitCommands,
  ...auditCommands,
};
