import { allApps, type PackableApp } from '../pack/packable-apps.ts';

/** A project as compose-go prints it, as far as it is looked at. */
export interface ComposeProject {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

/** One service of it. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly args?: Readonly<Record<string, string>> };
  readonly read_only?: boolean;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly networks?: Readonly<Record<string, unknown>>;
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly disable?: boolean; readonly test?: unknown };
  readonly volumes?: readonly { readonly type: string; readonly source?: string; readonly target: string }[];
  readonly profiles?: readonly string[];
  readonly deploy?: { readonly resources?: { readonly limits?: Readonly<Record<string, unknown>> } };
}

const jobs = ['secrets', 'migrate', 'kafka-init', 'bootstrap'];
const servers = ['postgres', 'redis', 'kafka'];
/** Variables that hold a secret, and those that may instead name a file that does. */
const secretName = /(PASSWORD|SECRET|TOKEN|PEPPER|_KEY|DATABASE_URL)$/;
const tag = /^[^\s:@]+(\/[^\s:@]+)*:\d[\w.-]*(@sha256:[0-9a-f]{64})?$/;

/** What a project lacks of what this product promises about it; pure. */
export function findFaults(project: ComposeProject): string[] {
  const { services } = project;
  const apps = allApps.filter((app) => app !== 'admin');
  const missing = [...apps, ...jobs, ...servers].filter((name) => services[name] === undefined);
  const names = Object.keys(services);
  return [
    ...missing.map((name) => `${name} is not named`),
    ...names.flatMap((name) => faultsOfAny(name, services[name] ?? {}, services)),
    ...names.filter((name) => !servers.includes(name)).flatMap((name) => faultsOfOurs(name, services[name] ?? {})),
    ...apps.flatMap((app) => faultsOfOrder(app, services)),
    ...(project.networks?.['inner']?.internal === true ? [] : ['the network inner leads out']),
    ...(services['simulator']?.profiles?.includes('simulator') ? [] : ['simulator is in no profile of its name']),
  ];
}

function faultsOfAny(name: string, service: ComposeService, all: ComposeProject['services']): string[] {
  const faults: string[] = [];
  if (!tag.test(service.image ?? '')) faults.push(`${name}: ${service.image} is no exact tag`);
  if (service.privileged) faults.push(`${name} is privileged`);
  const limits = service.deploy?.resources?.limits ?? {};
  for (const limit of ['cpus', 'memory', 'pids'])
    if (limits[limit] === undefined) faults.push(`${name} has no limit of ${limit}`);
  if (name !== 'gateway' && service.ports !== undefined) faults.push(`${name} publishes a port`);
  if (name !== 'gateway' && 'outer' in (service.networks ?? {})) faults.push(`${name} is on the outer network`);
  if (service.ports?.some((port) => port.host_ip !== '127.0.0.1')) faults.push(`${name} is published beyond 127.0.0.1`);
  for (const [variable, value] of Object.entries(service.environment ?? {})) {
    if (secretName.test(variable) && value) faults.push(`${name}: ${variable} is no file`);
  }
  for (const { type, source, target } of service.volumes ?? []) {
    if (type !== 'volume' || !source) faults.push(`${name}: ${target} is on no named volume`);
  }
  for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
    const wanted = jobs.includes(needed) ? 'service_completed_successfully' : 'service_healthy';
    if (condition !== wanted) faults.push(`${name} waits for ${needed} by ${condition}`);
    if (wanted === 'service_healthy' && servers.includes(needed) && !all[needed]?.healthcheck?.test) {
      faults.push(`${needed} has no health check, and ${name} waits for it`);
    }
  }
  return faults;
}

function faultsOfOurs(name: string, service: ComposeService): string[] {
  const faults: string[] = [];
  const app: PackableApp | undefined = jobs.includes(name) ? 'admin' : allApps.find((known) => known === name);
  if (app === undefined) return [`${name} is no app`];
  if (service.build?.args?.['APP'] !== app) faults.push(`${name} is not built as ${app}`);
  if (!service.image?.startsWith(`uapi-${app}:`)) faults.push(`${name} runs ${service.image}`);
  if (service.read_only !== true) faults.push(`${name} has a root that can be written`);
  if (service.user !== undefined) faults.push(`${name} replaces the user of its image`);
  if (!service.cap_drop?.includes('ALL')) faults.push(`${name} keeps capabilities`);
  if (!service.security_opt?.includes('no-new-privileges:true')) faults.push(`${name} may gain privileges`);
  if (service.healthcheck?.disable && !jobs.includes(name)) faults.push(`${name} has its health check off`);
  return faults;
}

/** A service waits for its database, topics and Redis; the gateway for all services and the first key. */
function faultsOfOrder(app: string, services: ComposeProject['services']): string[] {
  if (app === 'simulator') return [];
  const peers = allApps.filter((name) => !['admin', 'simulator', 'gateway'].includes(name));
  const wanted = ['secrets', 'migrate', 'kafka-init', 'redis', ...(app === 'gateway' ? ['bootstrap', ...peers] : [])];
  const waits = services[app]?.depends_on ?? {};
  return wanted.filter((name) => waits[name] === undefined).map((name) => `${app} does not wait for ${name}`);
}
