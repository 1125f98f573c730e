/** Policies in words: what a field is called, what a value means, what it may be. */
import { useI18n } from 'vue-i18n'

import type { Value } from './policyDraft'
import { type Field, isNumber } from './policyFields'

export interface Approver {
  readonly id: string
  readonly name: string
}

export function usePolicyWords(approvers: () => readonly Approver[]): {
  labelOf: (field: Field) => string
  textOf: (field: Field, value: Value) => string
  rangeOf: (field: Field) => string
} {
  const { t } = useI18n()
  return {
    labelOf: (field) => {
      const label = t(`security.policies.fields.${field.word}.label`)
      return field.role === undefined ? label : `${t(`common.role.${field.role}`)} · ${label}`
    },
    textOf: (field, value) => {
      if (isNumber(field)) {
        if (value === 0 && field.zero !== undefined) return t(`security.policies.zero.${field.zero}`)
        return `${String(value)} ${t(`security.policies.unit.${field.unit}`)}`
      }
      if (field.kind === 'tick') return t(value === true ? 'security.policies.on' : 'security.policies.off')
      if (value === '') return t('security.policies.noApprover')
      return approvers().find((one) => one.id === value)?.name ?? String(value)
    },
    rangeOf: (field) => {
      if (!isNumber(field)) return ''
      const range = t('security.policies.range', { least: field.least, most: field.most, unit: t(`security.policies.unit.${field.unit}`) })
      return field.zero === undefined ? range : `${range}${t('security.policies.zeroIs', { means: t(`security.policies.zero.${field.zero}`) })}`
    },
  }
}
