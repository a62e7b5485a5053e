import { homeOf } from '@universal-api/providers-spec';

/** Open-Meteo lives in `weather`; here are its names and heights. */
export const manifest = homeOf('open_meteo', 'geocoding');
