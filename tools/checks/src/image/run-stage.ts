import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { isAbsolute, join, posix } from 'node:path';
import { copyContext } from './copy-context.ts';
import { expandWords, readWords } from './expand-words.ts';
import type { Instruction } from './read-dockerfile.ts';

/** A stage that was built: its files, and what the instructions said about running it. */
export interface Stage {
  /** Stands in for `/`; without the files of the base image. */
  readonly folder: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly entrypoint?: readonly [string, ...string[]];
  readonly healthcheck?: readonly [string, ...string[]];
}

/** What the steps of a stage need from outside. */
export interface StageSurroundings {
  readonly context: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Folder of the base image's programs. */
  readonly bin: string;
  stageNamed(name: string): Stage;
}

type Draft = { -readonly [Key in keyof Stage]: Stage[Key] } & { args: Record<string, string> };

/** Executes the instructions of one stage after its `FROM`, in the folder of `start`. Errors: `Error` with the line. */
export function runStage(instructions: readonly Instruction[], start: Stage, around: StageSurroundings): Stage {
  const draft: Draft = { ...start, args: {} };
  for (const instruction of instructions) {
    try {
      steps[instruction.name](instruction, draft, around);
    } catch (error) {
      throw new Error(`line ${instruction.line}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const { args: _args, ...stage } = draft;
  return stage;
}

type Step = (instruction: Instruction, draft: Draft, around: StageSurroundings) => void;

const steps: Readonly<Record<Instruction['name'], Step>> = {
  FROM: () => {
    throw new Error('FROM begins a stage.');
  },
  ARG({ text }, draft, { buildArguments }) {
    const [name = '', fallback] = text.split('=');
    const value = buildArguments[name] ?? fallback;
    if (value !== undefined) draft.args[name] = value;
  },
  ENV({ text }, draft) {
    const [, name, value] = /^(\w+)=(\S*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw new Error('ENV is known as NAME=value only.');
    draft.environment = { ...draft.environment, [name]: expand(value, draft) };
  },
  WORKDIR({ text }, draft) {
    draft.workdir = posix.resolve(draft.workdir, expand(text, draft));
    mkdirSync(join(draft.folder, draft.workdir), { recursive: true });
  },
  COPY: (instruction, draft, around) => copy(instruction, draft, around),
  RUN({ text }, draft, { bin }) {
    // A path from the root would be one of this machine.
    if (/(^|[\s"'=])\//.test(text)) throw new Error('RUN with an absolute path is not known.');
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', text], {
      cwd: join(draft.folder, draft.workdir),
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      timeout: 300_000,
      env: {
        PATH: `${bin}:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        npm_config_prefer_offline: 'true',
        ...draft.environment,
        ...draft.args,
      },
    });
    if (status !== 0) throw new Error(`${text} ended with ${status}\n${lastLines(stdout)}\n${firstLines(stderr)}`);
  },
  USER({ text }, draft) {
    if (!/^\d+:\d+$/.test(text)) throw new Error('USER is known as <number>:<number> only.');
    draft.user = text;
  },
  HEALTHCHECK({ text }, draft) {
    if (!text.startsWith('CMD ')) throw new Error('HEALTHCHECK is known with CMD only.');
    draft.healthcheck = inside(readWords(text.slice('CMD '.length)));
  },
  ENTRYPOINT({ text }, draft) {
    draft.entrypoint = inside(readWords(text));
  },
};

function expand(text: string, draft: Draft): string {
  return expandWords(text, { ...draft.args, ...draft.environment });
}

/** Programs are started in the working folder, so a path from the root would be one of this machine. */
function inside(words: [string, ...string[]]): [string, ...string[]] {
  if (words.some((word) => isAbsolute(word))) throw new Error('an absolute path is not known here.');
  return words;
}

function copy({ text, flags }: Instruction, draft: Draft, { context, stageNamed }: StageSurroundings): void {
  const [from = '', to = '', ...more] = expand(text, draft).split(' ');
  if (to === '' || more.length > 0) throw new Error('COPY is known with one source only.');
  const target = join(draft.folder, posix.resolve(draft.workdir, to));
  if (flags['from'] === undefined) {
    if (from !== '.') throw new Error('COPY from the context is known for all of it only.');
    copyContext(context, target);
    return;
  }
  const source = join(stageNamed(flags['from']).folder, posix.resolve('/', from));
  if (!existsSync(source)) throw new Error(`${from} is not there.`);
  mkdirSync(target, { recursive: true });
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  const [user, group] = (flags['chown'] ?? '').split(':').map(Number);
  if (user !== undefined && group !== undefined) giveTo(target, user, group);
}

/** Enough of what a step wrote to see why it failed. */
const shownLines = 15;
const firstLines = (text: string) => text.trim().split('\n').slice(0, shownLines).join('\n');
const lastLines = (text: string) => text.trim().split('\n').slice(-shownLines).join('\n');

/** Only root may give files away; for anybody else they stay their own, which is as good: the program runs as them too. */
function giveTo(path: string, user: number, group: number): void {
  if (process.getuid?.() !== 0) return;
  chownSync(path, user, group);
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) chownSync(join(path, name), user, group);
}

/** A stage that goes on from another one: its files as hard links, which every program replaces and none rewrites. */
export function continueStage(from: Stage, folder: string): Stage {
  execFileSync('cp', ['-al', from.folder, folder]);
  return { ...from, folder };
}
