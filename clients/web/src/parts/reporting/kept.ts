/** Where a report that is being written is kept on this machine; the rest of it comes with its form. */

export const placeOf = (keptAs: string): string => `lianxian.report.${keptAs}`

/** Whether one was begun here and not sent. */
export function isKept(keptAs: string): boolean {
  return window.sessionStorage.getItem(placeOf(keptAs)) !== null
}
