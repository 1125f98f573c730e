// A real Firefox, driven by lines: each line on stdin is {id, op, args}, each answer on stdout {id, value} or {id, error}.
// Arguments: the folder of the profile. It ends when stdin ends.
import { mkdirSync } from 'node:fs'
import { createInterface } from 'node:readline'

import puppeteer from 'puppeteer-core'

const profile = process.argv[2]
mkdirSync(profile, { recursive: true })

const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  // With a screen of its own it can be asked to share it.
  headless: process.env.DISPLAY === undefined,
  userDataDir: profile,
  extraPrefsFirefox: {
    // A camera and a microphone that are always there, and nobody to ask.
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    // Firefox never pairs a loopback address with another one. It gathers its own loopback address only where this is set
    // and the page has a permission to capture; that of `permission.disabled` does not count.
    'media.peerconnection.ice.loopback': true,
    'permissions.default.camera': 1,
    'permissions.default.microphone': 1,
    'media.autoplay.default': 0,
    // Nothing is fetched from elsewhere.
    'media.gmp-manager.updateEnabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'services.settings.server': 'data:,',
    'app.normandy.enabled': false,
    'datareporting.healthreport.uploadEnabled': false,
    ...JSON.parse(process.env.FIREFOX_PREFERENCES ?? '{}'),
  },
})
const page = await browser.newPage()
await page.setViewport({ width: 1280, height: 800 })
page.setDefaultTimeout(20_000)
const errors = []
page.on('pageerror', (error) => errors.push(String(error)))

// What was answered at the doors of media: method, status, and the reason of a refusal.
const answers = []
page.on('response', async (response) => {
  if (!/\/wh[ie]p\//.test(response.url())) return
  const answer = [response.request().method(), response.status(), new URL(response.url()).pathname]
  answers.push(answer)
  if (response.status() >= 400) answer.push(await response.text().catch((error) => String(error)))
})

const hook = (name) => `[data-testid="${name}"]`
const operations = {
  version: async () => browser.version(),
  open: async (url, script) => {
    if (script) await page.evaluateOnNewDocument(script)
    await page.goto(url)
  },
  fill: async (name, text) => page.type(hook(name), text),
  click: async (name) => {
    const element = await page.waitForSelector(hook(name), { visible: true })
    await element.click()
  },
  // Until the element is there (with this data-state, when one is given).
  wait: async (name, state) => {
    await page.waitForSelector(hook(name) + (state ? `[data-state="${state}"]` : ''))
  },
  // `code` is a function as text. It goes in as a function, not by eval, which the page's policy forbids.
  evaluate: async (code, argument) => page.evaluate(new Function('given', `return (${code})(given)`), argument),
  // The same with the element of this name as argument.
  element: async (name, code) => {
    const element = await page.waitForSelector(hook(name))
    return page.evaluate(new Function('element', `return (${code})(element)`), element)
  },
  // What one sees, as a PNG in this file.
  shot: async (path) => {
    await page.screenshot({ path })
  },
  // By CSS: where one of many is meant. Found and pressed in one: a list that moves under a pointer gives it another one.
  tap: async (css) => {
    await page.waitForFunction(
      (wanted) => {
        const element = document.querySelector(wanted)
        if (element === null || element.disabled || element.getClientRects().length === 0) return false
        element.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
        element.click()
        return true
      },
      { timeout: 40_000 },
      css,
    )
  },
  type: async (text) => page.keyboard.type(text),
  files: async (css, paths) => {
    const element = await page.waitForSelector(css)
    await element.uploadFile(...paths)
  },
  size: async (width, height) => page.setViewport({ width, height }),
  // What the browser itself takes for having no line.
  offline: async (cut) => page.setOfflineMode(cut),
  // Of the browser: its process group dies with `kill -9`.
  pid: async () => browser.process().pid,
  errors: async () => errors,
  answers: async () => answers,
}

process.stdout.write(`${JSON.stringify({ id: 0, value: 'ready' })}\n`)
for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, args } = JSON.parse(line)
  let answer
  try {
    answer = { id, value: (await operations[op](...args)) ?? null }
  } catch (error) {
    answer = { id, error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
await browser.close()
