/** One part of the demonstration: what the first weather provider does, and what a person should see. */
export interface Act {
  readonly title: string;
  /** Profiles laid over the usual ones, as the simulator reads them. */
  readonly profiles: Readonly<Record<string, string>>;
  readonly watch: string;
}

/** The provider that has the bad day: first in the chain of every weather operation. */
export const patient = 'open_meteo';

/** Four parts of equal length. */
export const acts: readonly Act[] = [
  {
    title: 'everything is well',
    profiles: {},
    watch: `${patient} answers, nobody else is asked`,
  },
  {
    title: `${patient} is dead`,
    profiles: { [patient]: 'fault(server-error,1)' },
    watch: 'met_norway answers; after five failures the breaker is open and nobody waits for the dead one any more',
  },
  {
    title: `${patient} stalls`,
    profiles: { [patient]: 'stall(1,5000)' },
    watch: 'the attempt is cut off in time to ask the next; callers keep their deadline',
  },
  {
    title: `${patient} is back`,
    profiles: {},
    watch: 'one probe closes the breaker, and the first of the chain answers again',
  },
];
