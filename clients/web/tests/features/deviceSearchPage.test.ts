// @vitest-environment jsdom
/** A device is looked for, asked by name and password, and becomes a camera; every word of it is one. */
import { enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'

import CameraForm from '@/features/cameraList/CameraForm.vue'
import DeviceSearch from '@/features/cameraList/DeviceSearch.vue'
import { makeI18n } from '@/i18n'
import { Api } from '@/protocol/api'
import type { CameraHere } from '@/protocol/types'
import { makeSession, sessionKey } from '@/state/session'

enableAutoUnmount(afterEach)
const ONVIF = 'http://10.43.0.7/onvif/device_service'
const profile = (token: string, width: number, height: number) => ({ token, name: token, url: '', codec: 'H264', width, height, turns: true, source: 'lens', sound: false, known: null })
const PROFILES = { onvif: ONVIF, device: { maker: '某厂', model: 'M1', firmware: '', serial: '' }, profiles: [profile('P1', 1920, 1080), profile('P2', 640, 360)] }
const device = (name: string, more = {}) => ({ address: '10.43.0.7', onvif: `${ONVIF}?${name}`, name, hardware: 'M1', known: false, camera: null, here: 0, ...more })
const camera: CameraHere = { camera: `ca_${'0'.repeat(18)}`, center: '430682115210', name: '广场', code: '', kind: 'ptz', tags: [], place: '', point: null, layers: ['main'], onvif: true, sound: false, important: false, shown: true, shared: [], facts: {}, center_name: '坦渡村', path: [], can: ['manage'] }
type Answers = Record<string, (body: Record<string, unknown>) => [number, unknown]>

function session(answers: Answers) {
  const asked: [string, Record<string, unknown>][] = []
  const api = new Api((input, init) => {
    const path = String(input).replace('/api/v1', '')
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {}
    asked.push([`${init?.method ?? 'GET'} ${path}`, body])
    const [status, answer] = answers[`${init?.method ?? 'GET'} ${path}`]?.(body) ?? [404, { error: { code: 'not_found', message: '' } }]
    return Promise.resolve(new Response(JSON.stringify(answer), { status }))
  })
  return { asked, global: { plugins: [makeI18n()], provide: { [sessionKey as symbol]: makeSession(api) } } }
}
const press = async (page: VueWrapper, id: string, event: 'click' | 'submit' = 'click') => {
  const key = page.get(`[data-testid="${id}"]`)
  await (event === 'submit' ? page.get(`form:has([data-testid="${id}"])`) : key).trigger(event)
  await flushPromises()
}
function expectWords(page: VueWrapper): void {
  const said = [page.text(), ...page.findAll('[placeholder]').map((one) => one.attributes('placeholder') ?? '')].join(' ')
  expect(said).not.toMatch(/\b(search|kinds|manage|share|common)\.\w/)
}
const BASE: Answers = {
  'GET /cameras/networks': () => [200, { networks: [{ network: '10.43.0.0/16', addresses: 65_536, asked: true }] }],
  'POST /cameras/discoveries': () => [200, { devices: [device('a'), device('b', { known: true, camera: camera.camera }), device('c', { here: 2 })] }],
  'POST /cameras/profiles': (body) => (body['password'] === 'right' ? [200, PROFILES] : [503, { error: { code: 'unavailable', message: '', field: 'credentials' } }]),
  'POST /cameras/snapshots': () => [200, { jpeg: 'AAAA' }],
  'POST /cameras': () => [201, camera],
}

it('goes from the search to a camera of the directory', async () => {
  const { asked, global } = session(BASE)
  const page = mount(DeviceSearch, { props: { center: { code: '430682115210', name: '坦渡村' } }, global })
  await flushPromises()
  await press(page, 'device-find', 'submit')
  expect(page.findAll('[data-testid="device-list"] li').map((one) => one.text().replace(/\s+/g, ' '))).toEqual(['aM110.43.0.7选用', 'bM110.43.0.7已在目录查看', 'cM110.43.0.7同一地址已有 2 个摄像头选用'])
  expectWords(page)
  await press(page, 'device-choose-a')
  await page.get('[data-testid="stream-user"]').setValue('admin')
  await page.get('[data-testid="stream-password"]').setValue('wrong')
  await press(page, 'stream-read', 'submit')
  expect(page.get('[data-testid="stream-problem"]').text()).toBe('账号或密码不对')
  await page.get('[data-testid="stream-password"]').setValue('right')
  await press(page, 'stream-read', 'submit')
  expect(page.find('[data-testid="stream-picture"]').exists()).toBe(true)
  await page.get('[data-testid="device-name"]').setValue('广场')
  expectWords(page)
  await press(page, 'device-add', 'submit')
  expect(asked.at(-1)).toEqual(['POST /cameras', { name: '广场', center: '430682115210', kind: 'ptz', tags: [], place: '', sound: false, onvif: `${ONVIF}?a`, user: 'admin', password: 'right', streams: { main: 'P1', sub: 'P2' } }])
  expect(page.emitted('added')).toEqual([['已添加 广场，可继续选下一台']])
  expect(page.get('[data-testid="device-list"] li').text()).toContain('已在目录')
})

it('asks a network piece by piece, stops when told to, and says when nothing answers', async () => {
  let go: (() => void) | undefined
  const { asked, global } = session({ ...BASE, 'POST /cameras/discoveries': () => [200, { devices: [] }] })
  const page = mount(DeviceSearch, { props: { center: { code: '1', name: '' } }, global })
  await flushPromises()
  await page.get('[data-testid="device-where"]').setValue('10.43.0.0/16')
  await page.get('[data-testid="device-part"]').setValue('10.44.0.0/24')
  expect(page.get('[data-testid="device-find"]').attributes('disabled')).toBeDefined()
  await page.get('[data-testid="device-part"]').setValue('10.43.8.0/23')
  await press(page, 'device-find', 'submit')
  expect(asked.slice(1).map(([, body]) => body['network'])).toEqual(['10.43.8.0/24', '10.43.9.0/24'])
  expect(page.get('[data-testid="device-nothing"]').text()).toContain('没有设备应答')
  expectWords(page)

  const slow = session(BASE)
  const held = new Api((input) => (String(input).endsWith('/networks') ? Promise.resolve(new Response('{"networks":[{"network":"10.43.0.0/16","addresses":65536,"asked":true}]}')) : new Promise((answer) => { go = () => { answer(new Response(JSON.stringify({ devices: [device('late')] }))) } })))
  const stopping = mount(DeviceSearch, { props: { center: { code: '1', name: '' } }, global: { ...slow.global, provide: { [sessionKey as symbol]: makeSession(held) } } })
  await flushPromises()
  await press(stopping, 'device-find', 'submit')
  await press(stopping, 'device-stop')
  go?.()
  await flushPromises()
  expect(stopping.find('[data-testid="device-list"]').exists()).toBe(false)
  expect(stopping.text()).toContain('已停止，找到 0 台')
})

it('says what an operator has to do where no network is set', async () => {
  const { global } = session({ ...BASE, 'GET /cameras/networks': () => [200, { networks: [] }] })
  const page = mount(DeviceSearch, { props: { center: { code: '1', name: '' } }, global })
  await flushPromises()
  expect(page.get('[data-testid="device-none"]').text()).toContain('HUB_CAMERA_NETWORKS')
  expect(page.find('[data-testid="device-find"]').exists()).toBe(false)
})

it('reads the streams of a camera anew, by what is kept of it', async () => {
  const one = `PATCH /cameras/${camera.camera}`
  const { asked, global } = session({ ...BASE, 'POST /cameras/profiles': () => [200, PROFILES], [`GET /cameras/${camera.camera}/addresses`]: () => [200, { main: 'rtsp://10.43.0.7/1', sub: null, onvif: ONVIF, user: 'admin', password: true }], [one]: () => [200, camera] })
  const page = mount(CameraForm, { props: { camera }, global, attachTo: document.body })
  await flushPromises()
  await press(page, 'camera-anew')
  await press(page, 'stream-read', 'submit')
  expect(asked.find(([what]) => what === 'POST /cameras/profiles')?.[1]).toEqual({ camera: camera.camera, user: '', password: '' })
  expectWords(page)
  await press(page, 'camera-apply')
  expect(asked.at(-1)).toEqual([one, { streams: { main: 'P1', sub: 'P2' } }])
  expect(page.emitted('done')?.[0]?.[0]).toBe('已更换 广场 的码流')
})
