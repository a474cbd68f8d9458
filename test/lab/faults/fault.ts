// The shape of a fault: what breaks it, what mends it, and what the product should call it.

export interface Fault {
  readonly name: string
  /** One line for `lab faults` and the README. */
  readonly about: string
  readonly on: 'desktop' | 'laptop'
  /** On the laptop, but about one desktop: its name in /etc/hosts, its row in the machines file. */
  readonly perDesktop?: boolean
  /** Faults on the same thing: mending one brings back the healthy state, then the others return. */
  readonly resource: string
  /** The cause the product should name (one of them, where it depends on what it can know). */
  readonly causes: readonly string[]
  /** bash, as root on that machine, with the helpers of sh/fault-*.sh; again = the same. */
  readonly break: string
  /** bash, as root on the laptop, right after `break`: what it takes to feel a fault of the desktop at once. */
  readonly afterOnLaptop?: string
  /** It makes sshd refuse the laptop's logins and so count against it: mending makes sshd forget that. */
  readonly penalised?: boolean
  /** bash; brings the resource to its healthy state. */
  readonly mend: string
}
