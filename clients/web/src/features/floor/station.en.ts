/** Words of the floor at the station that come when somebody waits; English. */
import type zh from './station.zh'

export default { about: 'What you want to say (optional)', tell: 'Tell the chair', told: 'The chair was told' } satisfies Record<keyof typeof zh, string>
