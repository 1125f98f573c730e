/** All words of docs/protocol.md as types: those that the hub's schemas give, and the names of slots. */
export * from './types.gen'

/** What a watching session wants in a video slot: a participant, the stage, or nothing. */
export type SlotChoice = string | null
export const STAGE = 'stage'
/** A slot that fills itself: who comes next after those in the other slots. */
export const NEXT = 'next'
