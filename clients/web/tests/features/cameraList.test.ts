/** What a file of cameras needs before it is loaded, and how tags are read. */
import { describe, expect, it } from 'vitest'

import { askedOf, columnsFit, letterOf, problemOf } from '@/features/cameraList/bringing'
import { fails, tagsOf } from '@/features/cameraList/words'
import type { CameraMatch } from '@/protocol/types'

const MATCH: CameraMatch = {
  rows: 3, cameras: 2, centers: 1, known: 0, known_first: [], left_out: 0, unsure: [], unsure_texts: 0, unsure_rows: 0, wrong: [], wrong_rows: 0, first: [],
}

describe('a file of cameras', () => {
  it('needs a name and an address, or what makes one, each once', () => {
    expect(columnsFit(['center', 'center', 'name', 'main', 'tags', 'tags'])).toBe(true)
    expect(columnsFit(['name', 'ip', 'vendor'])).toBe(true)
    expect(columnsFit(['name', 'ip'])).toBe(false)
    expect(columnsFit(['main', 'password'])).toBe(false)
    expect(columnsFit(['name', 'name', 'main'])).toBe(false)
  })
  it('says what is still missing', () => {
    expect(problemOf(['name'], undefined, undefined, false)).toBe('columns')
    expect(problemOf(['name', 'main'], undefined, undefined, false)).toBe('center')
    expect(problemOf(['name', 'main'], '430682115210', MATCH, false)).toBeUndefined()
    expect(problemOf(['center', 'name', 'main'], undefined, { ...MATCH, cameras: 0 }, false)).toBe('nothing')
    expect(problemOf(['center', 'name', 'main'], undefined, { ...MATCH, unsure_rows: 1 }, false)).toBe('unsure')
    expect(problemOf(['center', 'name', 'main'], undefined, { ...MATCH, unsure_rows: 1 }, true)).toBeUndefined()
    expect(problemOf(['center', 'name', 'main'], undefined, { ...MATCH, known: 2 }, false)).toBe('known')
  })
  it('is asked about with what was decided', () => {
    const decided = new Map<string, string | null>([['联合村', '430682115210'], ['哪里', null]])
    expect(askedOf(['name', 'main'], decided, '430682115001')).toEqual({
      columns: ['name', 'main'], center: '430682115001', mends: [{ text: '联合村', center: '430682115210' }, { text: '哪里', center: null }],
    })
  })
})

describe('words of cameras', () => {
  it('reads tags parted by whatever people write, each once', () => {
    expect(tagsOf(' 路口、学校 路口,河道;')).toEqual(['路口', '学校', '河道'])
  })
  it('names columns as spreadsheets do', () => {
    expect([0, 25, 26, 27].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB'])
  })
  it('takes what was not looked at for neither good nor bad', () => {
    expect(['ok', 'unknown', 'away', 'refused'].map((state) => fails(state as 'ok'))).toEqual([false, false, true, true])
  })
})
