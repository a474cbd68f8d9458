// What the survey found of the machine beyond sign-in: Nix, units, ports, the cache and its key, firewall, disk, NixOS.
// A fact that this session may not know is null: told apart from what is not there.
import * as v from 'valibot'

/** The scripts write bytes beyond plain ASCII as \u00XX; here they become UTF-8 again. */
const text = v.pipe(
  v.string(),
  v.maxLength(400_000),
  v.transform((raw) => Buffer.from(raw, 'latin1').toString('utf8')),
)
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const yesNo = v.boolean()

/** A file whose bytes matter, because a step may change it. */
const textFile = v.object({
  path: text,
  /** Where it leads once links are followed. */
  real: text,
  kind: v.picklist(['missing', 'denied', 'file', 'folder', 'other']),
  /** The bytes, in hex; null where they may not be read, or are more than 256 KiB. */
  hex: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]*$/))),
  owner: text,
  group: text,
  /** Octal digits; empty where it is missing. */
  mode: v.pipe(v.string(), v.regex(/^[0-7]*$/)),
  /** Whether root could write it: its file system is not read-only. */
  writable: yesNo,
})

const unit = v.object({
  /** What it stands for here; "cache" is whichever serves the cache. */
  is: v.picklist(['sshd', 'nix-daemon', 'nix-daemon-socket', 'cache']),
  /** "nix-serve.service" */
  name: text,
  /** systemd's LoadState: loaded, not-found, masked, error. */
  load: text,
  /** ActiveState: active, inactive, failed, activating … */
  active: text,
  /** UnitFileState: enabled, disabled, static, linked, masked … */
  enabled: text,
  /** The last lines of its journal, where it is not active or is a cache that fails; empty where they may not be read. */
  journal: text,
})

export const machineSchema = v.object({
  nix: v.object({
    /** Folder in which nix-store stands on this desktop; empty where no Nix was found. */
    bin: text,
    /** "2.26.3" */
    version: text,
    /** Whether a non-interactive shell of the builder finds nix-store and nix-daemon; null where that could not be tried. */
    builderFinds: v.nullable(yesNo),
    /** What such a shell prints on its own, before any command; null where that could not be tried. */
    shellNoise: v.nullable(text),
    /** Whether the daemon answered a connection of the builder's (else root's); null where that could not be tried. */
    daemonAnswers: v.nullable(yesNo),
    /** Whether it answered the builder itself; false: it answered root and not the builder; null where not tried. */
    builderAllowed: v.nullable(yesNo),
    /** Whether the daemon that runs now says that it trusts the builder; null where it does not tell (before 2.15). */
    builderTrusted: v.nullable(yesNo),
    /** Nix's own words, where the builder or nobody was answered. */
    daemonSaid: text,
    /** Whether the daemon's socket lets the builder in by its owner, group and mode; null where it is not known. */
    socketOpen: v.nullable(yesNo),
    /** The group that may use the socket, where it is not everybody's ("nix-users"); else empty. */
    socketGroup: text,
    /** Nix's own words for trusted-users and allowed-users, includes resolved; null where they could not be asked. */
    trustedUsers: v.nullable(text),
    allowedUsers: v.nullable(text),
    conf: textFile,
  }),
  /** Its version number, where systemd runs; null where it does not, or that is not known. */
  systemd: v.nullable(count),
  /** Null where systemd does not run. Units that do not exist are left out. */
  units: v.nullable(v.array(unit)),
  /** TCP ports somebody listens on, with the address ("0.0.0.0", "127.0.0.1", "::"); null where not known. */
  listening: v.nullable(v.array(v.object({ port: count, address: text }))),
  cache: v.object({
    /** The port that the laptop's settings name, else 5000. */
    port: count,
    /** Programs for a cache that are installed, best first, as absolute paths: nix-serve, nix-serve-ng, harmonia. */
    programs: v.array(text),
    /** HTTP status of /nix-cache-info asked on the desktop itself; 0: no answer; null: could not be asked. */
    info: v.nullable(count),
    /** The store folder that it says it serves; empty where a 200 came from what is no cache, or nothing was told. */
    storeDir: text,
    /** Who listens on the port in place of a cache's unit: a unit, else a program; empty where nobody does, or not known. */
    heldBy: text,
    /** HTTP status of the narinfo of a path in its own store; 0 no answer, null could not be asked. */
    narinfo: v.nullable(count),
    /** User that the unit runs as; empty where there is no unit, or its user is made anew at each start (DynamicUser). */
    user: text,
    /** Who serves gets the key by systemd (LoadCredential): then only root has to read it. */
    byCredential: yesNo,
    key: v.object({
      /** The secret key file that the unit names, else /var/cache-priv-key.pem. */
      path: text,
      /** Whether the unit names one at all: without, what it serves is unsigned. */
      named: yesNo,
      kind: v.picklist(['missing', 'denied', 'file', 'other']),
      owner: text,
      group: text,
      mode: v.pipe(v.string(), v.regex(/^[0-7]*$/)),
      /** Whether the unit's user may read it; null where that could not be tried. */
      readable: v.nullable(yesNo),
      /** "cache.local-1:base64", derived from the secret key on the desktop; empty where it holds no key, null where unknown. */
      publicKey: v.nullable(text),
      /** Where the public half was published, and what stands there; empty where nowhere. */
      publicFile: text,
      published: text,
    }),
  }),
  firewall: v.object({
    /** Who rules it; "none": nobody filters. "unknown": rules may not be read. */
    by: v.picklist(['nixos', 'firewalld', 'ufw', 'nftables', 'iptables', 'none', 'unknown']),
    /** For each port asked (SSH's own, the cache's): whether it is open to the laptop; null where not known. */
    open: v.array(v.object({ port: count, open: v.nullable(yesNo) })),
    /** firewalld's zone of the laptop's address; else empty. */
    zone: text,
    /** File that keeps the rules over a restart (/etc/nftables.conf, /etc/iptables/rules.v4); empty where none does. */
    keptIn: text,
    /** The rules' chain that would have to be changed, such as "inet filter input"; empty where it does not matter. */
    chain: text,
    /** The rule that keeps the laptop out, as iptables -S or nft prints it; empty where a policy does, or none is known. */
    inWay: v.optional(text, ''),
  }),
  disk: v.object({
    /** Bytes in the file system of /nix/store. */
    free: v.nullable(count),
    total: v.nullable(count),
    /** Bytes that a collection would free; asked only where free is below 1 GiB or 3 %, and null where that takes long. */
    dead: v.nullable(count),
  }),
  /** Null where the exports may not be read. */
  nfs: v.optional(
    v.nullable(
      v.object({
        /** Who may mount what holds /nix/store; the very same path several times, for several clients. */
        exports: v.array(
          v.object({
            /** "/nix/store", or "/nix" or "/" with it. */
            path: text,
            /** As exports(5) writes a client: a subnet, an address, a name, "*". */
            to: text,
            writable: yesNo,
          }),
        ),
        /** Whether anybody listens on NFS's port (2049); null where not known. */
        serving: v.nullable(yesNo),
      }),
    ),
  ),
  /** Null on other systems than NixOS. */
  nixos: v.nullable(
    v.object({
      version: text,
      hostName: text,
      /** /etc/nixos/flake.nix (or where /etc/nixos/flake.nix leads); kind "missing" where it is built without flakes. */
      flake: textFile,
      /** The host's own file: /etc/nixos/configuration.nix, or the one of hosts/NAME that the flake names. */
      configurations: v.array(textFile),
      /** Copies of our module found below /etc/nixos, any path. */
      modules: v.array(textFile),
      /** Whether /etc/nixos stands in a Git work tree: there Nix sees only files that were added. */
      git: yesNo,
      /** nixos-rebuild's path; empty where there is none. */
      rebuild: text,
      /** /run/current-system's target: what a rollback goes back to. */
      system: text,
      /** What a repair left that was cut off before its system was confirmed: its journal, and the files named in it. */
      left: v.optional(v.nullable(v.object({ note: textFile, files: v.array(textFile) })), null),
    }),
  ),
})

export type MachineFacts = v.InferOutput<typeof machineSchema>
export type TextFile = MachineFacts['nix']['conf']
export type UnitFacts = NonNullable<MachineFacts['units']>[number]
export type NixosFacts = NonNullable<MachineFacts['nixos']>
