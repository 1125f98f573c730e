/** Cameras in the search of the frame: by name, pinyin, number, tag, words of the path. */
import { useI18n } from 'vue-i18n'

import { useSession } from '@/state/session'

import type { ShellPart } from '../rooms.contract'

export default {
  shell(shell) {
    if (!['leader', 'dispatcher'].includes(shell.role)) return undefined
    const { t } = useI18n()
    const { api } = useSession()
    return { find: async (text) => (text.trim().length < 2 ? [] : (await import('./find')).foundCameras(api, shell, text.trim(), t('cameraList.room'))) }
  },
} satisfies ShellPart
