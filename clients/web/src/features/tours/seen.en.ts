/** Words for who is seen in a tour; they come with the line that says so. English. */
export default { own: 'Tour: {name} is looking at your picture', all: 'Tour: all are looking at your picture' }
