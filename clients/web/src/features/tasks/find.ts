/** Routine tasks by words of their names, for the search of the frame; fetched when somebody searches. */
import type { Api } from '@/protocol/api'
import { readTasks } from '@/protocol/tasksApi'
import type { Shell } from '@/state/shell'

import type { Found } from '../rooms.contract'

const MOST = 8

export async function foundTasks(api: Pick<Api, 'call'>, shell: Shell, q: string, kind: string): Promise<Found[]> {
  const { tasks } = await readTasks(api, { q, limit: MOST }).catch(() => ({ tasks: [] }))
  return tasks.map((task) => ({
    id: `task ${task.id}`,
    kind,
    text: task.title,
    more: task.by.center_name,
    press: () => {
      shell.go({ name: 'cases-task', params: { task: task.id } })
    },
  }))
}
