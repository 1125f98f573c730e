/**
 * Push to talk: heard for as long as the space bar is held, wherever the focus is but in a field or a question.
 * Whatever may swallow the release (another window, a hidden page, a lost key-up) ends the talking, too: silence is the safe side.
 */
import { onScopeDispose } from 'vue'

import { meaning } from './shortcuts'

export interface Talk {
  hold: () => void
  release: () => void
}

/** Listens for the life of the calling scope. */
export function usePushToTalk(talk: Talk): void {
  let holding = false

  function down(event: KeyboardEvent): void {
    if (meaning(event)?.does !== 'talk') return
    // a key that has the focus is pressed with Enter: the space bar has this one meaning
    event.preventDefault()
    if (event.repeat || holding) return
    holding = true
    talk.hold()
  }
  function silence(): void {
    holding = false
    talk.release()
  }
  function up(event: KeyboardEvent): void {
    if (event.code !== 'Space' && event.key !== ' ') return
    if (!holding) return
    event.preventDefault()
    silence()
  }
  function hidden(): void {
    if (document.visibilityState !== 'visible') silence()
  }
  window.addEventListener('keydown', down)
  window.addEventListener('keyup', up, true)
  window.addEventListener('blur', silence)
  window.addEventListener('pagehide', silence)
  document.addEventListener('visibilitychange', hidden)
  onScopeDispose(() => {
    silence()
    window.removeEventListener('keydown', down)
    window.removeEventListener('keyup', up, true)
    window.removeEventListener('blur', silence)
    window.removeEventListener('pagehide', silence)
    document.removeEventListener('visibilitychange', hidden)
  })
}
