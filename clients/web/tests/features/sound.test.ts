// @vitest-environment jsdom
/** The sound of a meeting as people see it: states in words, what they must know, the key that is held. */
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'

import { soundNews } from '@/features/sound/notices'
import HowForm from '@/features/sound/HowForm.vue'
import MutedNotice from '@/features/sound/MutedNotice.vue'
import SoundNotice from '@/features/sound/SoundNotice.vue'
import SoundPanel from '@/features/sound/SoundPanel.vue'
import TalkKey from '@/features/sound/TalkKey.vue'
import { useTalking } from '@/features/sound/talking'
import { makeI18n } from '@/i18n'
import { useActions } from '@/parts/actions'
import { soundStates } from '@/parts/soundStates'
import { Refused } from '@/protocol/refusal'
import type { Answer, OwnSound, Participant, Sound } from '@/protocol/types'

const plugins = [makeI18n()]
const silent = useActions({ command: () => new Promise<Answer>(() => undefined) })
const NOW = Date.parse('2026-11-23T08:05:00Z')
const voice = (participant: string, center_name: string, name: string, center = '430682115210') => ({ participant, name, center, center_name })
const MAYOR = voice('a_mayor', '岳阳市', '王某', '430600000000')
const STATION = voice('a_station', '坦渡村', '李某')
const NEIGHBOUR = voice('a_neighbour', '长岭社区', '张某', '430682115001')
const SOUND: Sound = { self_unmute: false, joins_muted: false, mode: 'open', at_once: 1, talking: [], apart: [] }
const OWN: OwnSound = { speaker_off: false, listeners: [], listens: null }
const APART: Sound['apart'][number] = {
  talk: 'x_1',
  by: MAYOR.participant,
  center: STATION.center,
  center_name: STATION.center_name,
  at: '2026-11-23T08:04:00.000000Z',
  members: [
    { ...MAYOR, forced: false },
    { ...STATION, forced: false },
  ],
}
const talker = (who: typeof MAYOR, level: 'city' | 'village') => ({ ...who, level, at: '2026-11-23T08:04:50.000000Z', until: '2026-11-23T08:05:50.000000Z' })
const person = (who: typeof MAYOR, more: Partial<Participant> = {}): Participant => ({
  id: who.participant, name: who.name, role: 'station', center: who.center, center_name: who.center_name, level: 'village', state: 'joined', muted: false, joined_at: '', left_at: null, present: '', duty: '', ...more,
})

afterEach(() => {
  document.body.innerHTML = ''
})

describe('states', () => {
  it('are words, and say nothing of what is as usual', () => {
    expect(soundStates('a_station', false, SOUND, undefined)).toEqual([])
    expect(soundStates('a_station', true, SOUND, OWN)).toEqual(['mutedFast'])
    expect(soundStates('a_station', true, { ...SOUND, self_unmute: true }, OWN)).toEqual(['muted'])
    expect(soundStates('a_station', true, { ...SOUND, apart: [APART], talking: [talker(STATION, 'village')] }, { speaker_off: true, listeners: [MAYOR], listens: MAYOR })).toEqual([
      'talking', 'apart', 'listened', 'listens', 'speakerOff', 'mutedFast',
    ])
  })
})

describe('what somebody must know', () => {
  it('is who listens in, with whom he is apart, and who came in by force', () => {
    expect(soundNews('a_station', SOUND, undefined, false)).toEqual([])
    expect(soundNews('a_station', SOUND, { ...OWN, listeners: [MAYOR], speaker_off: true }, false)).toEqual([
      { kind: 'listened', who: '岳阳市 王某' },
      { kind: 'speakerOff', who: '' },
    ])
    const forced = { ...APART, members: [...APART.members, { ...NEIGHBOUR, forced: true }] }
    expect(soundNews('a_station', { ...SOUND, apart: [forced] }, undefined, false).map((one) => one.kind)).toEqual(['forced', 'apart'])
    expect(soundNews('a_mayor', { ...SOUND, apart: [APART] }, undefined, true)[0]).toMatchObject({ kind: 'apart', out: 'back' })
    expect(soundNews('a_neighbour', { ...SOUND, apart: [forced] }, undefined, false)[0]).toMatchObject({ out: 'leave' })
    expect(soundNews('a_neighbour', { ...SOUND, apart: [APART] }, undefined, false)).toEqual([{ kind: 'others', who: '岳阳市 · 坦渡村', talk: 'x_1' }])
  })

  it('stands on the page, with the key that ends what is one\'s own', async () => {
    const sent: [string, unknown][] = []
    const actions = useActions({
      command: (kind, data) => {
        sent.push([kind, data])
        return Promise.resolve({ seq: 1, entries: [] })
      },
    })
    const wrapper = mount(SoundNotice, {
      props: { actions, meeting: 'm_1', me: 'a_mayor', sound: { ...SOUND, apart: [APART] }, own: { ...OWN, listens: STATION }, control: true },
      global: { plugins },
    })
    expect(wrapper.text()).toContain('正与 坦渡村 李某 单独通话')
    await wrapper.get('[data-testid="sound-out"]').trigger('click')
    await wrapper.get('[data-testid="sound-stop"]').trigger('click')
    expect(sent).toEqual([
      ['apart.end', { talk: 'x_1' }],
      ['listen.end', {}],
    ])
    await wrapper.setProps({ sound: SOUND, own: { ...OWN, listeners: [MAYOR] }, me: 'a_station' })
    expect(wrapper.get('[data-testid="sound-listened"]').text()).toBe('岳阳市 王某 正在监听您的声音')
  })

  it('is that one may not unmute oneself, beside the key that asks for the floor', async () => {
    const wrapper = mount(MutedNotice, { props: { actions: silent, meeting: 'm_1', may: false, waits: false }, global: { plugins } })
    expect(wrapper.text()).toContain('本会议不能自行开麦')
    expect(wrapper.find('[data-testid="sound-ask"]').exists()).toBe(true)
    await wrapper.setProps({ waits: true })
    expect(wrapper.find('[data-testid="sound-ask"]').exists()).toBe(false)
    await wrapper.setProps({ may: true })
    expect(wrapper.get('[data-testid="station-unmute-self"]').text()).toBe('自行开麦')
  })
})

describe('the key to talk', () => {
  const answers: { kind: string; resolve: (answer: Answer) => void; reject: (error: unknown) => void }[] = []
  const live = {
    command: vi.fn((kind: string) => new Promise<Answer>((resolve, reject) => { answers.push({ kind, resolve, reject }) })),
  }
  const settled = async (): Promise<void> => {
    await Promise.resolve()
    await nextTick()
    await nextTick()
  }
  function begun() {
    answers.length = 0
    const sound = shallowRef<Sound>({ ...SOUND, mode: 'talk' })
    const scope = effectScope()
    const talking = scope.run(() => useTalking(live as never, () => 'm_1', 'a_station', sound))
    if (talking === undefined) throw new Error('no scope')
    return { sound, talking, scope, kinds: () => answers.map((one) => one.kind) }
  }
  const OK: Answer = { seq: 1, entries: [] }

  it('is heard from the hub\'s answer on, until it is let go', async () => {
    const { talking, kinds } = begun()
    talking.hold()
    talking.hold()
    expect(talking.state.value).toBe('asking')
    answers[0]?.resolve(OK)
    await settled()
    expect(talking.state.value).toBe('talking')
    talking.release()
    expect([talking.state.value, kinds()]).toEqual(['idle', ['talk.press', 'talk.release']])
  })

  it('waits while others talk, and is heard when a place gets free', async () => {
    const { talking, sound, kinds } = begun()
    sound.value = { ...sound.value, talking: [talker(MAYOR, 'city')] }
    talking.hold()
    answers[0]?.reject(new Refused('conflict', 'busy'))
    await settled()
    expect(talking.state.value).toBe('busy')
    sound.value = { ...sound.value, talking: [] }
    await settled()
    expect(kinds()).toEqual(['talk.press', 'talk.press'])
    answers[1]?.resolve(OK)
    await settled()
    expect(talking.state.value).toBe('talking')
  })

  it('says that a higher level interrupted, and has to be pressed anew', async () => {
    const { talking, sound, kinds } = begun()
    talking.hold()
    answers[0]?.resolve(OK)
    sound.value = { ...sound.value, talking: [talker(STATION, 'village')] }
    await settled()
    sound.value = { ...sound.value, talking: [talker(MAYOR, 'city')] }
    await settled()
    expect(talking.state.value).toBe('interrupted')
    talking.release()
    expect([talking.state.value, kinds()]).toEqual(['idle', ['talk.press']])
  })

  it('is let go with the page and with the mode; an answer that comes afterwards says nothing', async () => {
    const { talking, sound, scope, kinds } = begun()
    talking.hold()
    sound.value = { ...SOUND, mode: 'open' }
    await settled()
    expect([talking.state.value, kinds()]).toEqual(['idle', ['talk.press', 'talk.release']])
    answers[0]?.resolve(OK)
    await settled()
    expect(talking.state.value).toBe('idle')
    talking.hold()
    scope.stop()
    expect(kinds().at(-1)).toBe('talk.release')
  })

  it('is held by a finger or by a key, and says who talks', async () => {
    const wrapper = mount(TalkKey, { props: { sound: { ...SOUND, mode: 'talk' }, me: 'a_station', state: 'idle', muted: false, now: NOW }, global: { plugins }, attachTo: document.body })
    const key = wrapper.get('[data-testid="station-talk"]')
    await key.trigger('pointerdown', { button: 0 })
    await key.trigger('pointerup')
    await key.trigger('keydown', { key: ' ' })
    await key.trigger('keydown', { key: ' ', repeat: true })
    await key.trigger('keyup', { key: ' ' })
    expect([wrapper.emitted('hold')?.length, wrapper.emitted('release')?.length]).toEqual([2, 2])
    await wrapper.setProps({ sound: { ...SOUND, mode: 'talk', talking: [talker(MAYOR, 'city')] }, state: 'busy' })
    expect(wrapper.text()).toContain('岳阳市 正在讲话，请按住等候')
    await wrapper.setProps({ sound: { ...SOUND, mode: 'talk', talking: [talker(STATION, 'village')] }, state: 'talking' })
    expect(wrapper.text()).toContain('还剩 0:50')
    await wrapper.setProps({ muted: true, state: 'idle' })
    await key.trigger('keydown', { key: ' ' })
    expect(wrapper.emitted('hold')?.length).toBe(2)
    expect(key.text()).toBe('您已被主席静音，不能讲话')
  })
})

describe('the panel', () => {
  const base = {
    actions: silent, sound: SOUND, own: new Map<string, OwnSound>(), people: [person(MAYOR), person(STATION, { muted: true }), person(NEIGHBOUR)], me: 'a_mayor', chair: 'a_mayor',
    person: person(STATION, { muted: true }), ticked: [{ code: NEIGHBOUR.center, name: NEIGHBOUR.center_name }], centers: [MAYOR.center, STATION.center, NEIGHBOUR.center], control: true, mayListen: true, mayInsert: true, now: NOW,
  }
  const panel = (more: object = {}) => mount(SoundPanel, { props: { ...base, ...more }, global: { plugins } })

  it('has every key for whom is selected, and each says what it does', async () => {
    const wrapper = panel()
    for (const key of ['sound-mute-but', 'sound-mute-one', 'speaker-one', 'speaker-ticked', 'speaker-but', 'apart-begin', 'listen-begin']) await wrapper.get(`[data-testid="${key}"]`).trigger('click')
    expect(wrapper.emitted('send')).toEqual([
      ['sound-mute-but', 'participant.mute_all', { but: ['a_station'] }],
      ['mute:a_station', 'participant.unmute', { participant: 'a_station' }],
      ['speaker-one', 'speaker.close', { centers: [STATION.center], all_but: false }],
      ['speaker-ticked', 'speaker.close', { centers: [NEIGHBOUR.center], all_but: false }],
      ['speaker-but', 'speaker.close', { centers: [STATION.center], all_but: true }],
      ['apart', 'apart.begin', { center: STATION.center }],
      ['listen', 'listen.begin', { participant: 'a_station' }],
    ])
    expect(wrapper.get('[data-testid="sound-of-a_station"]').text()).toContain('静音（主席）· 禁止自行开麦')
  })

  it('tells of words apart, of who talks and who listens, with the keys of who may', async () => {
    const own = new Map([
      ['a_neighbour', { ...OWN, listeners: [voice('a_other', '岳阳市', '赵某')], speaker_off: true }],
    ])
    const wrapper = panel({ me: 'a_other', own, sound: { ...SOUND, mode: 'talk', apart: [APART], talking: [talker(NEIGHBOUR, 'village')] } })
    await wrapper.get('[data-testid="talk-cut-a_neighbour"]').trigger('click')
    await wrapper.get('[data-testid="apart-insert"]').trigger('click')
    await wrapper.get('[data-testid="apart-release"]').trigger('click')
    expect(wrapper.emitted('send')?.map(([, kind]) => kind)).toEqual(['talk.cut', 'apart.insert', 'apart.release'])
    expect(wrapper.get('[data-testid="listens-a_neighbour"]').text()).toBe('赵某 监听 长岭社区')
    expect(wrapper.get('[data-testid="speaker-sum"]').text()).toBe('已关 1 家')
    const below = panel({ control: false, mayListen: false, mayInsert: false, sound: { ...SOUND, apart: [APART] } })
    expect(below.findAll('button').every((one) => one.element.closest('li') !== null), 'who controls nothing selects people at most').toBe(true)
  })

  it('sets how one speaks, one thing at a time', async () => {
    const wrapper = mount(HowForm, { props: { actions: silent, sound: { ...SOUND, mode: 'talk' } }, global: { plugins } })
    await wrapper.get('[data-testid="sound-mode-open"]').trigger('click')
    await wrapper.get('[data-testid="sound-at-once"]').setValue(3)
    await wrapper.get('[data-testid="sound-self-unmute"]').setValue(true)
    const nothing = { self_unmute: null, joins_muted: null, mode: null, at_once: null }
    expect(wrapper.emitted('set')).toEqual([[{ ...nothing, mode: 'open' }], [{ ...nothing, at_once: 3 }], [{ ...nothing, self_unmute: true }]])
  })
})
