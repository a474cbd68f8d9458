// The shapes that tell states apart without colour: the same language as the tray icons.
import type { ReactElement } from 'react'
import type { CheckState, Overall } from '../../shared/status.ts'

export type Shape = Overall | CheckState | 'advice' | 'stale' | 'pending' | 'running' | 'cancelled'

/** A state's shape, 24 units square, in the current colour. Decorative: the word always stands beside it. */
export function StateShape({ shape }: { readonly shape: Shape }) {
  return (
    <svg className={`shape shape-${shape}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {drawing(shape)}
    </svg>
  )
}

const disc = <circle className="solid" cx="12" cy="12" r="10" />
const ring = <circle className="line" cx="12" cy="12" r="9" />

/** As in assets/tray/building.svg. */
const gear =
  'M10.13 4.53L10.29 1.74L13.71 1.74L13.87 4.53L15.96 5.4L18.05 3.54L20.46 5.95L18.6 8.04' +
  'L19.47 10.13L22.26 10.29L22.26 13.71L19.47 13.87L18.6 15.96L20.46 18.05L18.05 20.46L15.96 18.6' +
  'L13.87 19.47L13.71 22.26L10.29 22.26L10.13 19.47L8.04 18.6L5.95 20.46L3.54 18.05L5.4 15.96' +
  'L4.53 13.87L1.74 13.71L1.74 10.29L4.53 10.13L5.4 8.04L3.54 5.95L5.95 3.54L8.04 5.4z'

function drawing(shape: Shape): ReactElement {
  switch (shape) {
    case 'ready':
    case 'pass':
      return (
        <>
          {disc}
          <path className="cut" d="M7.5 12.4l3 3 6-6.4" />
        </>
      )
    case 'building':
      return (
        <>
          <path className="solid" d={gear} />
          <circle className="cut" cx="12" cy="12" r="1.1" />
        </>
      )
    case 'running':
      return (
        <>
          {disc}
          <path className="cut" d="M7 9h6M7 12h10M7 15h4" />
        </>
      )
    case 'degraded':
    case 'warn':
      return (
        <>
          <path className="solid" d="M12 2.2l10.4 18.6a.8.8 0 0 1-.7 1.2H2.3a.8.8 0 0 1-.7-1.2z" />
          <path className="cut" d="M12 9v6M12 18.4v.2" />
        </>
      )
    case 'local':
      return (
        <>
          <path className="line" d="M5 5h14v10H5z" />
          <path className="line" d="M2 19h20" />
        </>
      )
    case 'blocked':
    case 'fail':
      return (
        <>
          <path className="solid" d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9z" />
          <path className="cut" d="M8.5 8.5l7 7M15.5 8.5l-7 7" />
        </>
      )
    case 'checking':
    case 'unknown':
    case 'stale':
    case 'pending':
      return <circle className="line dotted" cx="12" cy="12" r="9" />
    case 'unconfigured':
      return (
        <>
          {ring}
          <path className="line" d="M12 8v8M8 12h8" />
        </>
      )
    case 'paused':
      return <path className="line" d="M8.5 5v14M15.5 5v14" />
    case 'skip':
    case 'cancelled':
      return (
        <>
          {ring}
          <path className="line" d="M8 12h8" />
        </>
      )
    case 'advice':
      return (
        <>
          {ring}
          <path className="line" d="M12 11v6M12 7.5v.2" />
        </>
      )
    default:
      return shape satisfies never
  }
}
