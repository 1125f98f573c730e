/** How many rights wait for a second person: read while the frame is there, and told by the section when it has read them. */
import { ref } from 'vue'

/** As last read; 0 before. */
export const waitingRights = ref(0)
