/** All words of docs/protocol.md as types. */
export * from './entries'
export * from './events'
export * from './values'
