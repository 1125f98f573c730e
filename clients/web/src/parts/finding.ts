/**
 * Finding a center by what is typed, as the hub does it (hub/directory/finding.py; both are tested with the same
 * cases): its name, its pinyin in full or by initials, its code, words of its path. Pure.
 */
import type { Center } from '@/protocol/types'

type Named = Pick<Center, 'code' | 'name' | 'pinyin'>

/** What is typed as words: wide letters and digits made narrow, lower case, parted at any white space. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().split(/\s+/u).filter((word) => word !== '')
}

/**
 * Whether the last center of a path (root first) is meant: every word is found somewhere on the path, and one of
 * them at the center itself.
 */
export function isMeant(path: readonly Named[], words: readonly string[]): boolean {
  const center = path.at(-1)
  if (center === undefined || words.length === 0) return false
  const own = words.map((word) => isFound(center, word))
  if (!own.includes(true)) return false
  return words.every((word, at) => own[at] === true || path.slice(0, -1).some((above) => isFound(above, word)))
}

function isFound(center: Named, word: string): boolean {
  if (center.name.toLowerCase().includes(word) || center.code.startsWith(word)) return true
  const syllables = syllablesOf(center.pinyin)
  if (reads(syllables, 0, word)) return true
  // inside a name one letter would find nearly everything
  return word.length > 1 && syllables.some((_, start) => start > 0 && reads(syllables, start, word))
}

const known = new Map<string, readonly (readonly string[])[]>()

/** The readings of each syllable. Kept: a search asks for those of the whole tree at every letter. */
function syllablesOf(spelled: string): readonly (readonly string[])[] {
  let found = known.get(spelled)
  if (found === undefined) {
    found = spelled.split(' ').map((syllable) => syllable.split('/'))
    known.set(spelled, found)
  }
  return found
}

/** Whether the word spells the syllables from `start` on, each in full or by its beginning. */
function reads(syllables: readonly (readonly string[])[], start: number, word: string): boolean {
  if (word === '') return true
  for (const reading of syllables[start] ?? []) {
    for (let length = 0; length < reading.length && reading[length] === word[length]; length++) {
      if (reads(syllables, start + 1, word.slice(length + 1))) return true
    }
  }
  return false
}
