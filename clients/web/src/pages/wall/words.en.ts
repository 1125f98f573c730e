/** Words of the sound of the big screen; English. */
export default {
  on: 'Silent · turn sound on', off: 'Turn sound off', blocked: 'The browser wants a click before it plays sound: click here', help: 'This screen then plays the sound of the meeting; this computer remembers it. An open microphone in the same room makes an echo',
}
