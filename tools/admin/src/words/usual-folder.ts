/** Where `npm run start:distributed` keeps its secrets too. */
export const usualFolder = '.data/distributed/secrets';
