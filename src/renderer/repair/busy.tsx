// Something is under way: always with the words of what it is, and announced.

/** Three quiet dots that move only where motion is welcome, and a sentence. */
export function Busy({ children }: { readonly children: string }) {
  return (
    <p className="busy-line" role="status">
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {children}
    </p>
  )
}
