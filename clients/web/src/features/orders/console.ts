/** Orders on the console: the tab that issues and follows them, the key, how many have signed. */
import type { ConsolePart } from '../contract'
import { shown } from '../shown'
import type { Draft } from './draft'
import { isOver, orderNumbers } from './numbers'
import OrderPanel from './OrderPanel.vue'

export default {
  shortcuts: [{ key: 'o', shown: 'O', does: 'order', says: 'orders.does', place: 20 }],
  desk(desk) {
    const orders = () => desk.meeting.value?.orders ?? []
    const numbers = () => orderNumbers(orders(), desk.now.value)
    async function issue({ text, priority, due, targets, attachments }: Draft, done: (accepted: boolean) => void): Promise<void> {
      const data = { text, priority, due, targets: targets.map((one) => one.code), ...(attachments.length > 0 ? { attachments } : {}) }
      done(await desk.add('order-send', 'order.issue', data))
    }
    return {
      tabs: [
        {
          name: 'orders',
          place: 10,
          says: 'orders.tab',
          keeps: true,
          panel: shown(OrderPanel, () => ({
            actions: desk.actions,
            stale: desk.asOf.value !== undefined,
            orders: orders(),
            choices: desk.targets.value,
            now: desk.now.value,
            onSend: (draft: Draft, done: (accepted: boolean) => void) => void issue(draft, done),
          })),
          count: () => orders().length,
          calls: () => numbers().overdue > 0,
        },
      ],
      keys: () => [
        {
          id: 'order-open',
          name: 'open-order',
          needs: 'order.issue',
          place: 10,
          group: 'write',
          stays: true,
          tone: 'main',
          does: 'order',
          label: { says: 'orders.key' },
          press: () => {
            desk.open('orders')
          },
        },
      ],
      about: (person) => [
        {
          verb: 'order',
          where: 'tile',
          away: true,
          name: `order:${person?.id ?? ''}`,
          needs: 'order.issue',
          place: 40,
          label: { says: 'orders.onTile' },
          press: () => {
            if (person !== undefined) desk.order(desk.targetOf(person))
          },
        },
      ],
      // what is overdue is counted by the frame, in every room at the same place
      figures: () => {
        const { signed, targets } = numbers()
        return [{ id: 'signed', place: 20, says: 'orders.figure.signed', value: signed, of: targets, tab: 'orders' }]
      },
      stays: () => {
        const count = orders().filter((one) => !isOver(one)).length
        return [{ place: 20, text: count > 0 ? desk.t('orders.ending.some', { count }) : desk.t('orders.ending.none') }]
      },
      waiting: () => numbers().overdue,
    }
  },
} satisfies ConsolePart
