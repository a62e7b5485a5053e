declare module 'tz-lookup' {
  /** IANA zone at a point, WGS 84 degrees; throws `RangeError` off the globe. */
  export default function zoneAt(lat: number, lon: number): string;
}
