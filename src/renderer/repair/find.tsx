// Find: is the desktop there, and is there a key to bring to it?

import { useState } from 'react'
import { fill } from '../../shared/locale.ts'
import { shellWord } from '../../shared/shell-word.ts'
import { api } from '../api.ts'
import { CodeBlock } from '../parts/code.tsx'
import { plainLine } from '../plain.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { Busy } from './busy.tsx'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { Title } from './title.tsx'

/** Goes on by itself once the desktop has answered. */
export function Find({ guide }: { readonly guide: GuideIn<'find'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const { problem } = guide
  return (
    <section className="card repair-card">
      <Title phase="find">{fill(problem === null ? words.findTitle : words.findFailed, { host })}</Title>
      {problem === null && <Busy>{fill(words.findBusy, { host, port: guide.port })}</Busy>}
      {problem?.cause === 'laptop.builder-key-missing' ? (
        <MissingKey path={String(problem.params?.['key'] ?? '')} />
      ) : (
        problem !== null && <ProblemBox problem={problem} known={{ host: guide.host, port: guide.port }} />
      )}
      {problem !== null && (
        <div className="buttons">
          <button type="button" className="button" onClick={() => attempt(api().repairRetry())}>
            {words.tryAgain}
          </button>
        </div>
      )}
    </section>
  )
}

/** The system itself asks for root's password; nothing of it passes through this window. */
function MakeKey() {
  const { messages } = useWords()
  const words = messages.repairView
  const [making, setMaking] = useState(false)
  const make = async () => {
    setMaking(true)
    await attempt(api().repairMakeKey())
    setMaking(false)
  }
  if (making) return <Busy>{words.makingKey}</Busy>
  return (
    <div className="buttons">
      <button type="button" className="button main" onClick={make}>
        {words.makeKey}
      </button>
    </div>
  )
}

const usualPath = '/etc/nix/builder_key'

/** How to make the key, declared or by hand; neither way touches one that is there. */
function MissingKey({ path }: { readonly path: string }) {
  const { messages } = useWords()
  const words = messages.repairView
  const mayMake = useAppState((state) => state.canMakeKey === true)
  const key = /^\/[\w@%+=:,./-]+$/.test(path) ? path : usualPath
  return (
    <section className="missing-key" role="alert">
      <h2>{words.keyMissingTitle}</h2>
      <p>{words.keyMissing}</p>
      {mayMake && <MakeKey />}
      {/* Offered elsewhere than on NixOS only. */}
      {!mayMake && (
        <CodeBlock code={nixosKey(key)} caption={words.keyNixos} label={messages.window.copySnippet} />
      )}
      <CodeBlock
        code={commandKey(key)}
        caption={mayMake ? words.keyByHand : words.keyOther}
        label={messages.window.copyCommand}
      />
    </section>
  )
}

/** Runs at each activation and makes the key where there is none. */
function nixosKey(key: string): string {
  return `system.activationScripts.builderKey = ''
  if [ ! -e ${key} ]; then
    \${pkgs.openssh}/bin/ssh-keygen -q -t ed25519 -N "" -C builder -f ${key}
  fi
'';`
}

function commandKey(key: string): string {
  const word = shellWord(key)
  return `sudo sh -c '[ -e ${word} ] || ssh-keygen -q -t ed25519 -N "" -C builder -f ${word}'`
}
