import type { Logger } from '@universal-api/logging';

/** Something that has to be closed. */
export interface Closable {
  close(): Promise<void> | void;
}

/** What an app opened, in order; closed in reverse order. */
export interface OwnedParts {
  /** Takes a part over and gives it back. */
  own<Part extends Closable>(name: string, part: Part): Part;
  /** Closes everything, last first; a part that fails to close is logged and does not keep the others open. */
  closeAll(): Promise<void>;
}

/** Makes an empty collection. */
export function createOwnedParts(log: Logger): OwnedParts {
  const parts: { name: string; part: Closable }[] = [];
  return {
    own(name, part) {
      parts.push({ name, part });
      return part;
    },
    async closeAll() {
      for (const { name, part } of parts.splice(0).reverse()) {
        try {
          await part.close();
        } catch (error) {
          log.warn('a part did not close', { part: name, err: error });
        }
      }
    },
  };
}
