import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseImage } from './base-image.ts';
import type { Instruction } from './read-dockerfile.ts';
import { continueStage, runStage, type Stage } from './run-stage.ts';

/** How images are built. */
export interface BuilderOptions {
  readonly instructions: readonly Instruction[];
  /** Folder of the repository. */
  readonly context: string;
  /** Empty folder for the stages; any user may read in it. */
  readonly work: string;
  /** Stands in for an image that no stage of the file has made. Errors: `Error` for one that is not known. */
  readonly base: (image: string) => BaseImage;
}

interface StagePlan {
  readonly from: string;
  readonly name: string;
  readonly steps: readonly Instruction[];
}

/**
 * Executes a Dockerfile in folders. Stages that read no argument are made once, like Docker's cache has it; the others once for
 * each image. Gives back a function from build arguments to the last stage; each call wants a name of its own.
 */
export function createBuilder({ instructions, context, work, base }: BuilderOptions) {
  const plans = toPlans(instructions);
  const shared = new Map<string, Stage>();
  return (image: string, buildArguments: Readonly<Record<string, string>>): Stage => {
    const made = new Map<string, Stage>();
    const stageNamed = (name: string) => {
      const stage = made.get(name);
      if (stage === undefined) throw new Error(`no stage is named ${name}.`);
      return stage;
    };
    let bin = '';
    let last: Stage | undefined;
    for (const [index, plan] of plans.entries()) {
      const from = made.get(plan.from);
      if (from === undefined) bin = base(plan.from).bin;
      const isShared = isSharable(plan, plans);
      last = shared.get(plan.name) ?? build(plan, join(work, `${isShared ? 'shared' : image}-${index}`), from);
      if (isShared) shared.set(plan.name, last);
      made.set(plan.name, last);
    }
    if (last === undefined) throw new Error('The Dockerfile has no stage.');
    return last;

    function build(plan: StagePlan, folder: string, from: Stage | undefined): Stage {
      if (from === undefined) mkdirSync(folder);
      const start = from ? continueStage(from, folder) : { folder, workdir: '/', environment: {} };
      return runStage(plan.steps, start, { context, buildArguments, bin, stageNamed });
    }
  };
}

/** Whether a stage is the same for every image: neither it nor what it is made from reads an argument. */
function isSharable(plan: StagePlan, plans: readonly StagePlan[]): boolean {
  const sources = [plan.from, ...plan.steps.flatMap(({ flags }) => flags['from'] ?? [])];
  const below = plans.filter(({ name }) => name !== plan.name && sources.includes(name));
  return !plan.steps.some(({ name }) => name === 'ARG') && below.every((source) => isSharable(source, plans));
}

function toPlans(instructions: readonly Instruction[]): StagePlan[] {
  const plans: { from: string; name: string; steps: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const [, from = '', name = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(instruction.text) ?? [];
      if (from === '') throw new Error(`line ${instruction.line}: FROM ${instruction.text} is not known.`);
      plans.push({ from, name: name || `stage ${plans.length}`, steps: [] });
      continue;
    }
    const plan = plans.at(-1);
    if (plan === undefined) throw new Error(`line ${instruction.line}: ${instruction.name} before FROM is not known.`);
    plan.steps.push(instruction);
  }
  return plans;
}
