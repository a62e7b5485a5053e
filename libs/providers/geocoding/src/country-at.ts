import type { Point } from '@universal-api/providers-spec';

/** The country or territory that a point lies in, ISO 3166-1 alpha-2; undefined on the high seas. */
export type FindCountry = (point: Point) => string | undefined;

/** Finds the countries of points. The polygons are loaded when a point is asked for first, and again if that failed. */
export function createCountryAt(load = loadCountryPolygons): (point: Point) => Promise<string | undefined> {
  let polygons: Promise<FindCountry> | undefined;
  return async (point) => {
    polygons ??= load();
    try {
      return (await polygons)(point);
    } catch (error) {
      polygons = undefined;
      throw error;
    }
  };
}

/** The polygons (country-coder; about 25 MB in memory). */
export async function loadCountryPolygons(): Promise<FindCountry> {
  const { iso1A2Code } = await import('@rapideditor/country-coder');
  return ({ lat, lon }) => iso1A2Code([lon, lat], { level: 'territory' }) ?? undefined;
}
