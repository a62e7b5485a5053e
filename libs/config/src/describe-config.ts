import type { z } from 'zod';

/** One variable as people read of it. */
export interface VariableFacts {
  readonly name: string;
  /** The sentence of its schema. */
  readonly about: string;
  /** Default as text; undefined when there is none. */
  readonly fallback: string | undefined;
}

/** The variables of a schema, in its order. Throws when one has no sentence: a variable nobody can explain is a fault. */
export function describeConfig(schema: z.ZodObject): VariableFacts[] {
  return Object.entries(schema.shape).map(([name, variable]) => {
    const about = (variable as z.ZodType).description;
    if (!about) throw new Error(`${name} has no description`);
    const parsed = (variable as z.ZodType).safeParse(undefined);
    return { name, about, fallback: parsed.success ? toText(parsed.data) : undefined };
  });
}

function toText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** A `.env` file that changes nothing: every variable commented out with its default, under its sentence. */
export function toEnvExample(
  sections: readonly { readonly title: string; readonly variables: readonly VariableFacts[] }[],
): string {
  const seen = new Set<string>();
  const parts = sections.map(({ title, variables }) => {
    const fresh = variables.filter(({ name }) => !seen.has(name));
    for (const { name } of fresh) seen.add(name);
    const lines = fresh.map(({ name, about, fallback }) => `# ${about}\n#${name}=${fallback ?? ''}`);
    return [`## ${title}`, ...lines].join('\n\n');
  });
  return `${parts.join('\n\n')}\n`;
}
