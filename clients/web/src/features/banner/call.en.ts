/** Words of banner and ticker that only desks show; English. */
import type { Translated } from '../words'
import type zh from './call.zh'

export default {
  key: 'Banner…',
  does: 'Banner and ticker',
  sheet: {
    title: 'Banner and ticker', kind: 'Form', banner: 'Banner (stays)', ticker: 'Ticker', text: 'Words', left: '{count} characters left', style: 'Style', notice: 'Notice', warning: 'Warning',
    times: 'Runs', always: 'until taken off', count: '{count} times', show: 'Show', replace: 'Replace what is shown', close: 'Close', now: 'Shown now', none: 'No banner or ticker is shown now',
    all: 'all', some: '{count} centers', since: 'since {at}, {by}', until: 'until {at}', remove: 'Take off', which: { banner: 'Banner', ticker: 'Ticker' },
    help: 'Shown at the foot of the picture on stations and desks, hiding nothing; one of a form at a time, a new one replaces the old one.',
  },
  lane: 'Banner',
  sentence: {
    banner: { all: '{by} showed a banner to all', some: '{by} showed a banner to {count} centers', taken_off: '{by} took the banner off', replaced: '{by} replaced the banner', over: 'The banner is over', ended: 'The meeting ended, the banner was taken off' },
    ticker: { all: '{by} showed a ticker to all', some: '{by} showed a ticker to {count} centers', taken_off: '{by} took the ticker off', replaced: '{by} replaced the ticker', over: 'The ticker has run', ended: 'The meeting ended, the ticker was taken off' },
  },
  minutes: {
    title: 'Banners and tickers', none: 'No banner or ticker in this meeting', failed: 'The record of banners could not be read', again: 'Try again', reading: 'Reading …', all: 'all', some: '{count} centers', until: '{from} to {to}', still: 'since {from}',
    one: { banner: '{time}, {by} showed a banner to {whom}', ticker: '{time}, {by} showed a ticker to {whom}' },
  },
  command: { 'banner.show': 'showing a banner', 'banner.remove': 'taking a banner off' },
  entry: { 'banner.shown': 'Banner shown', 'banner.removed': 'Banner taken off' },
} satisfies Translated<typeof zh>
