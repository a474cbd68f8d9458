// What can be broken: the shape of a fault, and all of them by name.

export interface Fault {
  readonly name: string
  /** One line for `lab faults` and the README. */
  readonly about: string
  readonly on: 'desktop' | 'laptop'
  /** On the laptop, but about one desktop (its name in /etc/hosts). */
  readonly perDesktop?: boolean
  /** Faults on the same thing: mending one puts the others back. */
  readonly resource: string
  /** The cause the product should name; several where it depends on the version or the moment. */
  readonly cause: string
  /** bash, as root on that machine; again = the same. */
  readonly break: string
  /** bash; brings the resource to its healthy state. */
  readonly mend: string
}

export const faults: readonly Fault[] = []

export function faultNamed(name: string): Fault {
  const fault = faults.find((candidate) => candidate.name === name)
  if (!fault)
    throw new Error(`no fault is called "${name}"; there are: ${faults.map((f) => f.name).join(' ')}`)
  return fault
}
