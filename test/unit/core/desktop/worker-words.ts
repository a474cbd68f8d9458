// A daemon's greeting in Nix's worker protocol, byte by byte, as tests need it.

interface Words {
  readonly major?: number
  readonly minor?: number
  readonly version?: string
  /** 0 unknown, 1 trusted, 2 not */
  readonly flag?: number
}

/** What nix-daemon --stdio answers to handshakeRequest: 2.26.3 speaks protocol 1.38. */
export function greeting({ major = 1, minor = 38, version = '2.26.3', flag = 1 }: Words): Buffer {
  const words = [number(0x6478696f), number((major << 8) | minor)]
  if (minor >= 33) words.push(text(version))
  if (minor >= 35) words.push(number(flag))
  return Buffer.concat([...words, number(0x616c7473)])
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function text(value: string): Buffer {
  const padded = Buffer.alloc(Math.ceil(value.length / 8) * 8)
  padded.write(value)
  return Buffer.concat([number(value.length), padded])
}
