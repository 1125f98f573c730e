/** What the doctor found, as a short text for support: no address, no name of a file, nothing secret. Pure. */
export interface ResultParts {
  readonly title: string
  readonly who: string
  readonly at: string
  readonly rows: readonly { readonly name: string; readonly verdict: string; readonly more: string }[]
  readonly quiet: string
  readonly browser: string
}

export function resultText({ title, who, at, rows, quiet, browser }: ResultParts): string {
  return [
    `${title}  ${who}`,
    at,
    ...rows.map(({ name, verdict, more }) => `${name}: ${verdict}${more === '' ? '' : ` (${more})`}`),
    quiet,
    browser,
  ].join('\n')
}
