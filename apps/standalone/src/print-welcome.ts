/** What a person is told when everything runs. */
export interface WelcomeFacts {
  readonly url: string;
  readonly operationsUrl: string;
  /** Seconds since the start. */
  readonly seconds: number;
}

/** Where everything is, and three calls to try: real answers, without a key and without a network. */
export function welcomeText({ url, operationsUrl, seconds }: WelcomeFacts): string {
  return `
Universal API runs (started in ${seconds.toFixed(1)} s).

  Home         ${url}/
  API          ${url}/api/v1
  Reference    ${url}/docs
  Health       ${url}/api/health
  Operations   ${operationsUrl}/health/ready, ${operationsUrl}/metrics

Try:

  curl '${url}/api/v1/geocoding/forward?address=Lyon'
  curl '${url}/api/v1/time/now?timezone=Asia/Tokyo'
  curl '${url}/api/v1/dictionary/serendipity'

Ctrl-C stops it.
`;
}

/** The installation's first key, in front of whoever started it: shown now and never again. */
export function keyText(key: string, url: string): string {
  return `
This installation's API key, shown this once; keep it:

  ${key}

  curl -H 'Authorization: Bearer ${key}' '${url}/api/v1/countries/PE'
`;
}
