// What a person sees who has no builder yet: where is the desktop? The rest follows from that.
import { FirstForm } from '../laptop-side/forms.tsx'
import { CodeBlock } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { useWords } from '../words.ts'

/** The options of nix/modules/offload-client.nix; docs/nixos.md explains each. */
const nixos = `services.offload-client = {
  enable = true;
  host = "desktop"; # the one place where its address stands
  publicHostKey = "ssh-ed25519 AAAA..."; # /etc/ssh/ssh_host_ed25519_key.pub there
  cachePublicKey = "cache.local-1:..."; # /var/cache-pub-key.pem there
};`

const nixosPlain = `nix.distributedBuilds = true;
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
  trusted-public-keys = [ "cache.local-1:..." ];
  builders-use-substitutes = true;
  fallback = true;
};`

const machinesLine = 'ssh-ng://nix-builder@desktop x86_64-linux /etc/nix/builder_key 4 1 - - -'

/** A form that leads on; and the ways to tell Nix by hand, each to copy. */
export function FirstBuilder() {
  const { messages } = useWords()
  const words = messages.window
  const own = messages.laptopSide
  return (
    <section className="card first">
      <h2>{own.firstTitle}</h2>
      <p>{own.firstIntro}</p>
      <FirstForm />
      <Fold summary={own.byHandTitle}>
        <CodeBlock code={nixos} caption={own.firstModule} label={words.copySnippet} />
        <CodeBlock code={nixosPlain} caption={words.firstNixos} label={words.copySnippet} />
        <CodeBlock code={machinesLine} caption={words.firstOther} label={words.copyLine} />
        <p className="quiet">{words.firstAfter}</p>
      </Fold>
    </section>
  )
}
