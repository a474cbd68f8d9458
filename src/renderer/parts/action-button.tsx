// A button for an action: when it is not allowed now it stays where it is, keeps the focus, and says why.
import { useId } from 'react'
import type { ActionId } from '../../shared/actions.ts'
import { permission } from '../../shared/actions.ts'
import { useAppState } from '../store.ts'
import { useWords } from '../words.ts'

interface ActionButtonProps {
  readonly action: ActionId
  readonly label?: string
  readonly main?: boolean
  readonly shortcut?: string
  /** Where the reason is plain to see anyway: it is told to screen readers and in the tooltip only. */
  readonly quiet?: boolean
  readonly onClick: () => void
}

/** Asks `permission` and shows its answer. */
export function ActionButton({
  action,
  label,
  main = false,
  shortcut,
  quiet = false,
  onClick,
}: ActionButtonProps) {
  const { messages } = useWords()
  const state = useAppState((whole) => whole)
  const answer = permission(action, state)
  const reasonId = useId()
  const reason = answer.allowed ? null : messages.actions.reasons[answer.why]
  return (
    <span className="action">
      <button
        type="button"
        className={main ? 'button main' : 'button'}
        aria-disabled={!answer.allowed}
        aria-describedby={reason === null ? undefined : reasonId}
        aria-keyshortcuts={shortcut}
        title={reason ?? shortcut?.replace('Control', 'Ctrl')}
        onClick={() => answer.allowed && onClick()}
      >
        {label ?? messages.actions.labels[action]}
      </button>
      {reason !== null && (
        <span className={quiet ? 'hidden' : 'reason'} id={reasonId}>
          {reason}
        </span>
      )}
    </span>
  )
}
