// The draft of an election, kept on this device until it is proposed. Nothing in it is secret.
import type { ElectionDraft } from './draft.ts'

const STORED = 'comitia-election-draft'

export function keptDraft(): ElectionDraft | undefined {
  const stored = localStorage.getItem(STORED)
  return stored === null ? undefined : (JSON.parse(stored) as ElectionDraft)
}

export function keepDraft(draft: ElectionDraft): void {
  localStorage.setItem(STORED, JSON.stringify(draft))
}

export function forgetDraft(): void {
  localStorage.removeItem(STORED)
}
