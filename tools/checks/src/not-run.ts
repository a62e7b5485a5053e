/** Thrown by a check that lacks a program or a server; `message` says which. Not run is never passed. */
export class NotRun extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotRun';
  }
}
