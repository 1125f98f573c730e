/** Words of the lines over the pictures; they come with them. English. */
export default { notice: 'Notice', warning: 'Warning', label: 'Banner of the meeting', spoken: '{style}: {text}' }
