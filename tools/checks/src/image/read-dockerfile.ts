/** One instruction as it stands in the file, continued lines joined. */
export interface Instruction {
  readonly line: number;
  readonly name: InstructionName;
  /** `--from=build` → `{ from: 'build' }`. */
  readonly flags: Readonly<Record<string, string>>;
  /** What follows the flags. */
  readonly text: string;
}

/** The flags that each known instruction may have. */
const known = {
  FROM: [],
  ARG: [],
  ENV: [],
  WORKDIR: [],
  COPY: ['from', 'chown'],
  RUN: [],
  USER: [],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'retries'],
  ENTRYPOINT: [],
} as const satisfies Record<string, readonly string[]>;

/** Instructions that `runDockerfile` can execute as Docker does. */
export type InstructionName = keyof typeof known;

/**
 * Reads a Dockerfile. Errors: `Error` with the line for an instruction, a flag, a here-document or a parser directive that is not
 * among the known ones: what is not understood is not passed over.
 */
export function readDockerfile(source: string): Instruction[] {
  const lines = source.split('\n');
  const instructions: Instruction[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    const first = lines[index] ?? '';
    if (/^#\s*(syntax|escape|check)\s*=/.test(first)) throw new Error(`line ${line}: directives are not known.`);
    if (/^\s*(#|$)/.test(first)) continue;
    let text = first;
    while (text.endsWith('\\')) text = `${text.slice(0, -1)} ${(lines[++index] ?? '').trim()}`;
    instructions.push(readInstruction(text.trim(), line));
  }
  return instructions;
}

function readInstruction(text: string, line: number): Instruction {
  const [word = '', ...rest] = text.split(/\s+/);
  const name = word.toUpperCase();
  if (!isKnown(name)) throw new Error(`line ${line}: ${word} is not known.`);
  const flags: Record<string, string> = {};
  const allowed: readonly string[] = known[name];
  while (rest[0]?.startsWith('--')) {
    const [, flag = '', value = ''] = /^--([^=]+)=?(.*)$/.exec(rest.shift() ?? '') ?? [];
    if (!allowed.includes(flag)) throw new Error(`line ${line}: ${name} --${flag} is not known.`);
    flags[flag] = value;
  }
  const after = rest.join(' ');
  if (after === '') throw new Error(`line ${line}: ${name} says nothing.`);
  if (after.includes('<<')) throw new Error(`line ${line}: here-documents are not known.`);
  return { line, name, flags, text: after };
}

function isKnown(name: string): name is InstructionName {
  return Object.hasOwn(known, name);
}
