/** Shapes that mean the same on the time line as they do as `StateMark` elsewhere: SVG paths around 0,0 within ±6. */

export const CIRCLE = 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z'
export const DIAMOND = 'M0 -6L6 0L0 6L-6 0z'
/** The left half of the circle. */
export const HALF = 'M0 -5a5 5 0 0 0 0 10z'
/** Something is wrong. */
export const TRIANGLE = 'M0 -6L6 5H-6z'
