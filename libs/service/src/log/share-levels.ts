import type { Logger } from '@universal-api/logging';

/**
 * The log of a process whose levels can be changed while it runs: a part asked for twice is the same logger, so that a level set
 * on it holds for everybody who logs as that part, and a level set on the whole holds for every part. `service` is the name of
 * the process: as a part it is the whole.
 */
export function shareLevels(root: Logger, service: string): Logger {
  const parts = new Map<string, Logger>();
  const setLevel: Logger['setLevel'] = (level) => {
    root.setLevel(level);
    for (const part of parts.values()) part.setLevel(level);
  };
  // The methods of the root use no `this`.
  const whole: Logger = {
    ...root,
    setLevel,
    part(name) {
      if (name === service) return whole;
      const known = parts.get(name);
      if (known) return known;
      const made = root.part(name);
      parts.set(name, made);
      return made;
    },
  };
  return whole;
}
