/** What the page of a ledger says around its lines, in the language of the page. */
export interface LedgerWords {
  /** That nothing could be read, and why. */
  failed: (why: string) => string
  again: string
  reading: string
  /** Nothing fits the filters. */
  none: string
  /** There is nothing at all: how it begins. */
  empty: string
  clear: string
  more: string
  choose: string
}

/** The words from a translation by their usual names: `failed again reading none empty clear more choose` below `prefix`. */
export function ledgerWords(t: (key: string, values: Record<string, unknown>) => string, prefix: string): LedgerWords {
  const say = (name: string): string => t(`${prefix}.${name}`, {})
  return {
    failed: (why) => t(`${prefix}.failed`, { why }),
    again: say('again'),
    reading: say('reading'),
    none: say('none'),
    empty: say('empty'),
    clear: say('clear'),
    more: say('more'),
    choose: say('choose'),
  }
}
