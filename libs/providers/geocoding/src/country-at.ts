import type { Point } from '@universal-api/providers-spec';

/**
 * The country or territory that a point lies in, ISO 3166-1 alpha-2; undefined on the high seas. The
 * polygons (country-coder; about 25 MB in memory) are loaded when a point is asked for first.
 */
export async function countryAt(point: Point): Promise<string | undefined> {
  const find = await loadCountryPolygons();
  return find(point);
}

/** The same for many points, once the polygons are there. */
export async function loadCountryPolygons(): Promise<(point: Point) => string | undefined> {
  const { iso1A2Code } = await import('@rapideditor/country-coder');
  return ({ lat, lon }) => iso1A2Code([lon, lat], { level: 'territory' }) ?? undefined;
}
