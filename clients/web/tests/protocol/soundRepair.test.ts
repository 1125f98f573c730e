import { describe, expect, it } from 'vitest'

import { withSoundRepair } from '@/protocol/soundRepair'

const OFFER = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 63 111',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=rtpmap:96 VP8/90000',
  '',
]

describe('an offer with repair of sound', () => {
  it('says that lost Opus may be asked for, in its own section', () => {
    const expected = OFFER.toSpliced(5, 0, 'a=rtcp-fb:111 nack')
    expect(withSoundRepair(OFFER.join('\r\n'))).toBe(expected.join('\r\n'))
  })

  it('is left alone where the browser offers it by itself', () => {
    const offered = withSoundRepair(OFFER.join('\r\n'))
    expect(withSoundRepair(offered)).toBe(offered)
  })

  it('is left alone without Opus', () => {
    const offer = OFFER.filter((line) => !line.includes('111')).join('\r\n')
    expect(withSoundRepair(offer)).toBe(offer)
  })
})
