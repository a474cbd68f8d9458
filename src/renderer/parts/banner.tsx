// A calm line above a view: something worth knowing that is no state of the builds.
import type { ReactNode } from 'react'

/** A banner with a title; `children` say what and what to do. */
export function Banner({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="banner" aria-label={title}>
      <strong>{title}</strong>
      <div>{children}</div>
    </section>
  )
}
