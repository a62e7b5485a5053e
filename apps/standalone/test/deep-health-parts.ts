/** What `GET /api/health/deep` said. */
export interface DeepHealth {
  readonly status: number;
  /** healthy, degraded or unhealthy. */
  readonly whole: string;
  /** `<app> <part>` → `<status> <detail code>`. */
  readonly parts: Readonly<Record<string, string>>;
}

interface Body {
  readonly status: string;
  readonly apps: Readonly<Record<string, { parts: Readonly<Record<string, { status: string; detail_code: string }>> }>>;
}

/** Asks a gateway. */
export async function askDeepHealth(url: string): Promise<DeepHealth> {
  const response = await fetch(`${url}/api/health/deep`);
  const { status, apps } = (await response.json()) as Body;
  const parts = Object.entries(apps).flatMap(([app, found]) =>
    Object.entries(found.parts).map(([name, part]) => [`${app} ${name}`, `${part.status} ${part.detail_code}`]),
  );
  return { status: response.status, whole: status, parts: Object.fromEntries(parts) as Record<string, string> };
}

/** Asks until it is as wanted; gives back the last answer when the time is over. */
export async function untilDeepHealth(
  url: string,
  isWanted: (health: DeepHealth) => boolean,
  withinMs = 60_000,
): Promise<DeepHealth> {
  for (const deadline = performance.now() + withinMs; ;) {
    const health = await askDeepHealth(url);
    if (isWanted(health) || performance.now() > deadline) return health;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
