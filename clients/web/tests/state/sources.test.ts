import { describe, expect, it } from 'vitest'

import type { SourcesEvent } from '@/protocol/types'
import { withSources } from '@/state/meetingRoom'

const source = (participant: string, video: string | null = 'vp8'): SourcesEvent['sources'][number] => ({ participant, video, audio: null, screen: null })
const event = (part: Partial<SourcesEvent>): SourcesEvent => ({ meeting: 'm_1', kind: 'sources', sources: [], gone: [], full: false, ...part })

describe('who sends', () => {
  it('is what was known with what has changed', () => {
    const first = withSources(new Map(), event({ sources: [source('a'), source('b')] }))
    const next = withSources(first, event({ sources: [source('b', 'h264')], gone: ['a'] }))
    expect([...next]).toEqual([['b', source('b', 'h264')]])
    expect(first.size).toBe(2)
  })

  it('is what a full event says and nothing else', () => {
    const before = withSources(new Map(), event({ sources: [source('a')] }))
    expect([...withSources(before, event({ sources: [source('b')], full: true })).keys()]).toEqual(['b'])
  })
})
