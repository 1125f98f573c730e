/** Chinese, what is said of one's own account, its role, and help: fetched when somebody opens one of them. */
import account from './account'

export const ownZhCN = { account }
