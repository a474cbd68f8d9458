// What a person sees who has no builder yet: how to get one.
import { CodeBlock } from '../parts/code.tsx'
import { useWords } from '../words.ts'

const nixos = `nix.distributedBuilds = true;
nix.buildMachines = [ {
  hostName = "desktop";
  protocol = "ssh-ng";
  sshUser = "nix-builder";
  sshKey = "/etc/nix/builder_key";
  system = "x86_64-linux";
  maxJobs = 4;
} ];
nix.settings = {
  substituters = [ "http://desktop:5000" ];
  builders-use-substitutes = true;
  fallback = true;
};`

const machinesLine = 'ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 4 1 - - -'

/** Two ways to tell Nix about a desktop, each to copy. */
export function FirstBuilder() {
  const { messages } = useWords()
  const words = messages.window
  return (
    <section className="card first">
      <h2>{words.firstTitle}</h2>
      <p>{words.firstIntro}</p>
      <CodeBlock code={nixos} caption={words.firstNixos} label={words.copySnippet} />
      <CodeBlock code={machinesLine} caption={words.firstOther} label={words.copyLine} />
      <p className="quiet">{words.firstAfter}</p>
    </section>
  )
}
