/** The words that features bring, put under each feature's name; and what the hub's kinds of commands and entries are called. */

/** Words, and groups of words. */
export interface Tree {
  readonly [key: string]: string | readonly string[] | Tree
}

/** The same tree of keys with any words: what a translation must be. */
export type Translated<T> = { [K in keyof T]: T[K] extends string ? string : Translated<T[K]> }

export interface FeatureWords {
  /** `order.issue` -> 下达指令: what a command is called when it is spoken of. */
  readonly command: Tree
  /** `order.issued` -> 下达指令: what an entry is called in one or two words. */
  readonly entry: Tree
  /** The words of the feature `orders` stand below `orders`. */
  readonly [feature: string]: Tree
}

/** `files`: by path, as a glob of `<feature>/words.<language>.ts` (or `desk.…`) gives them. */
export function wordsOf(files: Readonly<Record<string, Tree>>): FeatureWords {
  const all = Object.entries(files).map(([path, words]) => [nameIn(path), words] as const)
  const merged = (which: string): Tree => Object.assign({}, ...all.map(([, words]) => words[which] ?? {})) as Tree
  return { ...Object.fromEntries(all), command: merged('command'), entry: merged('entry') }
}

/** `../orders/record.ts` -> `orders`: the folder is the name. */
export function nameIn(path: string): string {
  const name = path.split('/').at(-2)
  if (name === undefined) throw new Error(`no feature's file: ${path}`)
  return name
}
