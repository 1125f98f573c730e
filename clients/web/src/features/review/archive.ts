/** Reviewing a meeting: marks of moments, clips of stretches, pictures of moments, where nothing is recorded, a check of the files. */
import { computed, defineAsyncComponent, ref, shallowRef, watch } from 'vue'

import { useActions } from '@/parts/actions'
import { type Jobs, useJobs } from '@/parts/jobs/useJobs'
import { useSession } from '@/state/session'
import { useShell } from '@/state/shell'

import type { ArchivePart, ArchivePlace, OnArchive } from '../archive.contract'
import { shown } from '../shown'
import ClipBox from './ClipBox.vue'
import { gapsOf, type Pictured, picturesAt, recordedPeople } from './gaps'
import MarkBox from './MarkBox.vue'
import { instant, moment as text } from './moments'
import PictureBox from './PictureBox.vue'
import { useMarks } from './useMarks'

const MarksDrawer = defineAsyncComponent(() => import('./MarksDrawer.vue'))
const MadeDrawer = defineAsyncComponent(() => import('./MadeDrawer.vue'))
const FilesCheck = defineAsyncComponent(() => import('./FilesCheck.vue'))

function onPage(place: ArchivePlace): OnArchive {
  const { api } = useSession()
  const { live } = useShell()
  const actions = useActions(live)
  const marks = useMarks(api, () => place.meeting.value?.id, place.entries)
  const can = computed(() => new Set(place.meeting.value?.can ?? []))
  const openedAt = computed(() => place.meeting.value?.opened_at ?? '')
  const id = (): string => place.meeting.value?.id ?? ''

  /** The moment that is being marked; the one whose picture is taken. */
  const marking = ref<number | null>(null)
  const taking = ref<number | null>(null)
  const made = shallowRef<{ readonly clips: Jobs; readonly pictures: Jobs }>()
  const people = computed(() => recordedPeople(place.parts.value))
  const gaps = computed(() => gapsOf(place.entries.value, place.parts.value, openedAt.value, place.lengthMs.value))
  made.value = { clips: useJobs(api, live, place.id, 'clip'), pictures: useJobs(api, live, place.id, 'picture') }
  const { clips, pictures } = made.value

  async function save(kind: 'point' | 'quote' | 'task' | 'doubt', text: string): Promise<void> {
    if (marking.value === null) return
    const answer = await actions.run('mark', 'mark.add', { at: instant(openedAt.value, marking.value), kind, text }, id())
    if (answer === undefined) return
    place.learn(answer.entries)
    marking.value = null
  }
  function mark(atMs = place.positionMs.value): void {
    if (!can.value.has('note.add')) return
    taking.value = null
    marking.value = atMs
  }
  function picture(): void {
    if (!can.value.has('recording.make')) return
    marking.value = null
    taking.value = place.positionMs.value
  }
  function begin(): void {
    const fromMs = Math.round(place.positionMs.value)
    const end = place.chosen.value?.toMs ?? fromMs
    place.chosen.value = { fromMs, toMs: Math.max(fromMs, end) }
  }
  function end(): void {
    const toMs = Math.round(place.positionMs.value)
    const from = place.chosen.value?.fromMs ?? 0
    place.chosen.value = { fromMs: Math.min(from, toMs), toMs }
  }
  /** A chosen stretch that is being played stops at its end. */
  const playsUntil = ref<number | null>(null)
  watch(place.positionMs, (position, before) => {
    if (playsUntil.value === null) return
    if (Math.abs(position - before) > 3_000) playsUntil.value = null
    else if (position >= playsUntil.value) {
      playsUntil.value = null
      place.pause()
    }
  })
  async function cut(of: { readonly participants: string[]; readonly film: boolean }): Promise<void> {
    const chosen = place.chosen.value
    if (chosen === null) return
    if (await clips.ask({ from_ms: chosen.fromMs, to_ms: chosen.toMs, ...of })) {
      place.chosen.value = null
      place.open('made')
    }
  }
  async function take({ id: participant, source }: Pictured): Promise<void> {
    if (taking.value === null) return
    if (await pictures.ask({ at_ms: Math.round(taking.value), participant, source })) {
      taking.value = null
      place.open('made')
    }
  }
  function go(ms: number): void {
    place.close()
    place.seek(ms)
  }

  return {
    keys: () => [
      { id: 'marks', name: 'marks', place: 12, label: { says: 'review.key.marks' }, press: () => { place.open('marks') } },
      { id: 'made', name: 'made', place: 14, label: { says: 'review.key.made' }, press: () => { place.open('made') } },
    ],
    playKeys: () => [
      ...(can.value.has('recording.make') ? [{ id: 'picture', name: 'picture', place: 10, label: { says: 'review.key.picture' }, press: picture }] : []),
      ...(can.value.has('note.add') ? [{ id: 'mark', name: 'mark', place: 20, label: { says: 'review.key.mark' }, press: () => { mark() } }] : []),
    ],
    underBar: [
      shown(MarkBox, () => (marking.value === null ? undefined : { atMs: marking.value, actions, onSave: (kind, text) => void save(kind, text), onClose: () => (marking.value = null) })),
      shown(PictureBox, () =>
        taking.value === null
          ? undefined
          : { atMs: taking.value, people: picturesAt(place.parts.value, place.entries.value, openedAt.value, taking.value), actions: pictures.actions, onTake: (of) => void take(of), onClose: () => (taking.value = null) },
      ),
      shown(ClipBox, () => {
        const stretch = place.chosen.value
        return stretch === null
          ? undefined
          : {
              stretch,
              people: people.value,
              actions: clips.actions,
              may: can.value.has('recording.make'),
              film: { has: place.film.has.value, played: place.film.played.value },
              onCut: (of) => void cut(of),
              onPlay: () => {
                place.seek(stretch.fromMs)
                playsUntil.value = stretch.toMs
                place.play()
              },
              onClear: () => (place.chosen.value = null),
            }
      }),
    ],
    drawers: [
      {
        id: 'marks',
        shown: shown(MarksDrawer, () => ({
          marks: marks.standing.value,
          withdrawn: marks.withdrawn.value,
          unread: marks.problem.value !== null,
          openedAt: openedAt.value,
          atMs: place.positionMs.value,
          account: place.account.id,
          minutes: can.value.has('meeting.minute'),
          actions,
          onGo: go,
          onChange: async (mark, { atMs, kind, text }) => {
            const answer = await actions.run(`change-${mark.id}`, 'mark.change', { mark: mark.id, at: instant(openedAt.value, atMs), kind, text }, id())
            if (answer !== undefined) place.learn(answer.entries)
          },
          onWithdraw: async (mark) => {
            const answer = await actions.run(`withdraw-${mark.id}`, 'mark.withdraw', { mark: mark.id }, id())
            if (answer !== undefined) place.learn(answer.entries)
          },
        })),
      },
      { id: 'made', shown: shown(MadeDrawer, () => ({ clips, pictures, title: place.meeting.value?.title ?? '', may: can.value.has('recording.make'), onGo: go })) },
    ],
    proofs: [shown(FilesCheck, () => ({ meeting: id(), parts: place.parts.value }))],
    overtaken: () => marks.overtaken.value,
    lanes: () => (gaps.value.length === 0 ? [] : [{ id: 'gaps', place: 90, name: place.t('review.lane.gaps'), spans: gaps.value.map(({ name, fromMs, toMs }) => ({ fromMs, toMs, tone: 'late' as const, text: place.t('review.gap', { name, from: text(fromMs), to: text(toMs) }) })) }]),
    shortcuts: [
      { key: 'm', shown: 'M', does: 'mark', says: 'review.does.mark', place: 10 },
      { key: 'i', shown: 'I', does: 'clip-from', says: 'review.does.from', place: 20 },
      { key: 'o', shown: 'O', does: 'clip-to', says: 'review.does.to', place: 30 },
      { key: 'p', shown: 'P', does: 'picture', says: 'review.does.picture', place: 40 },
    ],
    acts: { mark: () => { mark() }, 'clip-from': begin, 'clip-to': end, picture },
  }
}

export default {
  minutes: { place: 60, section: defineAsyncComponent(() => import('./MarkMinutes.vue')) },
  page: onPage,
} satisfies ArchivePart
