/** What other pages say of finding; English. */
export default { room: 'Find', all: 'Find in everything said, ordered, reported and decided' }
