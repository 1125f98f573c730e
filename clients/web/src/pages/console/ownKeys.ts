/** What the page itself has on the desk: one's own camera, microphone and screen, and looking at somebody by oneself. */
import { defineAsyncComponent, ref, type Ref } from 'vue'

import type { Furnished } from '@/features/console'
import type { BarKey, ConsoleDesk, OnDesk, PersonKey } from '@/features/contract'
import { shown } from '@/features/shown'
import { isOutOfKey } from '@/features/about'
import type { DeviceState } from '@/protocol/types'
import type { ScreenShare } from '@/state/screenShare'

import LogPanel from './LogPanel.vue'
import type { ConsoleMedia } from './media'
import type { Tile } from './tiles'

const DoctorDialog = defineAsyncComponent(() => import('@/parts/doctor/DoctorDialog.vue'))

/** The source that oneself looks at instead of the broadcast. */
export interface Look {
  readonly source: Readonly<Ref<string | null>>
  toggle: (source: string) => void
}

function lookKey(look: Look, source: string): PersonKey {
  const on = look.source.value === source
  return {
    verb: 'look',
    where: 'tile',
    place: 20,
    name: `look:${source}`,
    label: { says: on ? 'console.tile.unlook' : 'console.tile.look' },
    tone: on ? 'on' : 'plain',
    press: () => {
      look.toggle(source)
    },
  }
}

/** What can be done about what a tile shows: of a shared screen, looking at it; of a camera, what is done to cameras. */
export function tileKeys(about: Furnished['about'], look: Look, { source, screen, person }: Pick<Tile, 'source' | 'screen' | 'person'>): readonly PersonKey[] {
  const key = lookKey(look, source)
  if (screen) return [key]
  const here = person.state === 'joined'
  const all = [...about(person), key].filter((one) => one.where !== 'bar' && (here || one.away === true) && (one === key || !isOutOfKey(person, one)))
  return all.sort((a, b) => a.place - b.place)
}

export function ownKeys(desk: ConsoleDesk, media: ConsoleMedia, sharing: ScreenShare, look: Look): OnDesk {
  const { own, capture } = media

  /** From a page that another one took the sending from, a key takes it back. */
  function open(toggle: () => void): void {
    toggle()
    if (media.elsewhere.value) media.resume()
  }
  /** The key says what is wished; where the device does not follow, why. */
  function wordOf(wished: boolean, state: DeviceState): string {
    if (!wished) return desk.t('common.device.off')
    return state === 'off' ? desk.t('console.own.asking') : desk.t(`common.device.${state}`)
  }
  const onOff = (on: boolean) => ({ state: on ? 'on' : 'off', tone: on ? ('live' as const) : ('plain' as const) })

  const microphone = (): BarKey => ({
    id: 'own-microphone',
    name: 'own-microphone',
    place: 10,
    group: 'own',
    stays: true,
    does: 'microphone',
    label: { says: 'console.keys.microphone', words: { state: wordOf(own.microphoneOn.value, capture.microphone.value) } },
    pressed: own.microphoneOn.value,
    ...onOff(own.heard.value),
    press: () => {
      open(own.toggleMicrophone)
    },
  })
  const camera = (): BarKey => ({
    id: 'own-camera',
    name: 'own-camera',
    place: 20,
    group: 'own',
    stays: true,
    does: 'camera',
    label: { says: 'console.keys.camera', words: { state: wordOf(own.cameraOn.value, capture.camera.value) } },
    pressed: own.cameraOn.value,
    ...onOff(own.seen.value),
    press: () => {
      open(own.toggleCamera)
    },
  })
  const talk = (): BarKey => ({
    id: 'own-talk',
    name: 'own-talk',
    place: 30,
    group: 'own',
    stays: true,
    does: 'talk',
    label: { says: own.held.value ? 'console.keys.talking' : 'console.keys.talk' },
    title: 'console.keys.does.talk',
    pressed: own.held.value,
    ...onOff(own.held.value),
    press: () => undefined,
    hold: { down: own.hold, up: own.release },
  })
  const screen = (): BarKey => {
    const state = sharing.state.value
    const on = state === 'on' || state === 'waiting'
    const problem = sharing.problem.value
    return {
      id: 'own-screen',
      name: 'own-screen',
      place: 40,
      group: 'own',
      does: 'share',
      state,
      pressed: on,
      tone: on ? 'on' : 'plain',
      label: { says: on ? 'common.sharing.stop' : 'common.sharing.start' },
      ...(problem === undefined ? {} : { said: `common.sharing.problem.${problem}` }),
      press: () => void sharing.toggle(),
    }
  }

  const checking = ref(false)
  const devices = (): BarKey => ({
    id: 'own-devices',
    name: 'own-devices',
    place: 50,
    group: 'own',
    label: { says: 'console.keys.devices' },
    title: 'console.keys.devicesTitle',
    pressed: checking.value,
    press: () => {
      checking.value = true
    },
  })

  return {
    tabs: [
      {
        name: 'log',
        place: 60,
        says: 'console.tabs.log',
        panel: shown(LogPanel, () => {
          const view = desk.room.view.value
          return view === undefined ? undefined : { view }
        }),
      },
    ],
    keys: () => [microphone(), camera(), talk(), screen(), devices()],
    over: [
      shown(DoctorDialog, () =>
        checking.value ? { who: `${desk.account.center.name} ${desk.account.name}`, line: media.line, inCall: true, onClose: () => (checking.value = false) } : undefined,
      ),
    ],
    acts: {
      look: () => {
        const person = desk.person.value
        if (person !== undefined) look.toggle(person.id)
      },
    },
  }
}
