/** One's own line in a meeting: by which way it goes, and which pictures are taken from it, by choice or by itself. */
import { type Ref, ref } from 'vue'

import type { Pictures, Way } from '@/protocol/types'

import { LineJudge, type Measured, PICTURES } from './weakLine'

/** A choice by hand outlasts a reload of the tab. */
const CHOSEN = 'lianxian.pictures'

export interface OwnLine {
  /** Straight or, all or some of it, over the relay; undefined while nothing is connected or the browser does not tell. */
  readonly way: Readonly<Ref<Way | undefined>>
  readonly pictures: Readonly<Ref<Pictures>>
  /** Taken less of by itself, because the line does not carry more: comes back by itself. */
  readonly byItself: Readonly<Ref<boolean>>
  /** By hand; `all` leaves it to the line again. */
  choose: (pictures: Pictures) => void
}

/** The side of the page's media. */
export interface OwnLineKept extends OwnLine {
  goes: (ways: readonly (Way | undefined)[]) => void
  /** `now`: ms of a clock that never steps back. */
  measured: (now: number, what: Measured) => void
}

export function ownLine(): OwnLineKept {
  const way = ref<Way>()
  const pictures = ref<Pictures>(chosenBefore())
  const byItself = ref(false)
  const judge = new LineJudge()
  let byHand = pictures.value !== 'all'
  let clock = 0
  return {
    way,
    pictures,
    byItself,
    choose(wanted) {
      byHand = wanted !== 'all'
      byItself.value = false
      pictures.value = wanted
      judge.reset(clock)
      if (byHand) sessionStorage.setItem(CHOSEN, wanted)
      else sessionStorage.removeItem(CHOSEN)
    },
    goes(ways) {
      way.value = ways.includes('relay') ? 'relay' : ways.find((one) => one !== undefined)
    },
    measured(now, what) {
      clock = now
      if (byHand) return
      pictures.value = judge.judge(now, pictures.value, what)
      byItself.value = pictures.value !== 'all'
    },
  }
}

function chosenBefore(): Pictures {
  const found = typeof sessionStorage === 'undefined' ? null : sessionStorage.getItem(CHOSEN)
  return PICTURES.find((one) => one === found) ?? 'all'
}
