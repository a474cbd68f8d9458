# The desktop: builds for laptops over SSH and serves what it built as a signed binary cache.
{
  config,
  lib,
  options,
  pkgs,
  ...
}:

let
  inherit (lib)
    concatStringsSep
    escapeShellArg
    mkEnableOption
    mkIf
    mkMerge
    mkOption
    optional
    optionals
    types
    ;

  cfg = config.services.offload-server;

  isHarmonia = cfg.cacheBackend == "harmonia";
  cacheUnit = if isHarmonia then "harmonia" else "nix-serve";

  # Newer releases of NixOS keep the cache under services.harmonia.cache, older ones flat under services.harmonia.
  hasHarmoniaCache = options.services.harmonia ? cache;

  sshPorts = config.services.openssh.ports;
  openPorts = [ cfg.cachePort ] ++ sshPorts ++ optional cfg.enableNFS 2049;

  # Nix starts exactly one of these two: ssh-ng:// the first, ssh:// the second.
  allowedCommand = pkgs.writeShellScript "offload-builder-command" ''
    case "''${SSH_ORIGINAL_COMMAND-}" in
      "nix-daemon --stdio") exec ${config.nix.package}/bin/nix-daemon --stdio ;;
      "nix-store --serve --write") exec ${config.nix.package}/bin/nix-store --serve --write ;;
      *)
        echo "This key may only be used by Nix (services.offload-server.restrictCommands)." >&2
        exit 126
        ;;
    esac
  '';

  keyScript = ''
    set -euo pipefail
    umask 077
    key=${escapeShellArg cfg.cacheKeyPath}
    public=${escapeShellArg cfg.cachePublicKeyPath}
    name=${escapeShellArg cfg.keyName}

    if [ ! -e "$key" ]; then
      # Made beside its place and linked there: a crash leaves no half key, and ln never replaces one that is there.
      folder=$(mktemp -d "$(dirname "$key")/.offload-cache-key.XXXXXX")
      trap 'rm -rf "$folder"' EXIT
      nix-store --generate-binary-cache-key "$name" "$folder/key" "$folder/public"
      ln -T "$folder/key" "$key"
      echo "Made a new signing key $name in $key."
    fi
    chown root:root "$key"
    chmod 0400 "$key"

    # Fails here, and not at a laptop, when the file holds no signing key.
    derived=$(nix --extra-experimental-features nix-command key convert-secret-to-public < "$key")
    if [ "''${derived%%:*}" != "$name" ]; then
      echo "The key in $key is called ''${derived%%:*}, but services.offload-server.keyName says $name." >&2
      echo "Set keyName to the key's own name; do not make a new key, laptops trust this one." >&2
      exit 1
    fi
    if [ -e "$public" ] && [ "$(cat "$public")" != "$derived" ]; then
      echo "$public does not belong to the signing key in $key." >&2
      echo "  published: $(cat "$public")" >&2
      echo "  actual:    $derived" >&2
      echo "Laptops may trust the published one: put the right key back, or remove $public to publish the actual one." >&2
      exit 1
    fi
    printf '%s\n' "$derived" > "$public.new"
    chmod 0444 "$public.new"
    mv -T "$public.new" "$public"
  '';

  # 0.0.0.0/0, ::/0, * and the empty text are everybody.
  isOneSubnet =
    subnet:
    subnet != null
    && builtins.match "[0-9a-fA-F.:]+/[0-9]+" subnet != null
    && builtins.match ".*/0+" subnet == null;
in
{
  options.services.offload-server = {
    enable = mkEnableOption "building for laptops and serving the result as a signed binary cache";

    cachePort = mkOption {
      type = types.port;
      default = 5000;
      description = "TCP port of the binary cache.";
    };

    builderUser = mkOption {
      type = types.str;
      default = "nix-builder";
      description = ''
        User that laptops sign in as. It is one of Nix's trusted users here, which for Nix means as much as root:
        give its key only to laptops you trust with this machine.
      '';
    };

    authorizedKeys = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA... root@laptop" ];
      description = ''
        Public keys of the laptops, each the line of the laptop's /etc/nix/builder_key.pub. Options such as `restrict`
        may stand before the key's type; `restrict` is added where none do.
      '';
    };

    restrictCommands = mkOption {
      type = types.bool;
      default = false;
      description = ''
        Let the builder user's sessions run nothing but the two commands that Nix starts (`nix-daemon --stdio` and
        `nix-store --serve --write`). Then Offload Tray cannot ask for disk space and features; it says so.
      '';
    };

    cacheBackend = mkOption {
      type = types.enum [
        "nix-serve"
        "harmonia"
      ];
      default = "nix-serve";
      description = "Program that serves the cache. harmonia is faster and streams large paths.";
    };

    cacheKeyPath = mkOption {
      type = types.str;
      default = "/var/cache-priv-key.pem";
      description = ''
        Private key that signs what the cache serves. Made where it is missing, never replaced. Readable by root only;
        the cache gets it as a systemd credential. A path outside of the Nix store.
      '';
    };

    cachePublicKeyPath = mkOption {
      type = types.str;
      default = "/var/cache-pub-key.pem";
      description = "Where the public half is published for everybody to read. Laptops trust this line.";
    };

    keyName = mkOption {
      type = types.str;
      default = "cache.local-1";
      description = ''
        Name of the signing key, which stands before the colon in what laptops trust. For a key that is there already it
        has to be that key's own name.
      '';
    };

    openFirewall = mkOption {
      type = types.bool;
      default = true;
      description = "Open the ports of SSH, of the cache and, with it, of NFS.";
    };

    interfaces = mkOption {
      type = types.listOf types.str;
      default = [ ];
      example = [ "enp3s0" ];
      description = ''
        Open the ports on these network interfaces only; empty means on all. SSH may be opened on all by
        `services.openssh.openFirewall`, which is left as it is so that nobody is locked out.
      '';
    };

    maxJobs = mkOption {
      type = types.nullOr types.ints.positive;
      default = null;
      description = "Builds at the same time, of all laptops and of this machine; null leaves Nix's setting.";
    };

    cores = mkOption {
      type = types.nullOr types.ints.unsigned;
      default = null;
      description = "Cores for each build, 0 for all; null leaves Nix's setting.";
    };

    minFree = mkOption {
      type = types.nullOr types.ints.unsigned;
      default = 5 * 1024 * 1024 * 1024;
      description = ''
        When less than this many bytes are free during a build, Nix removes paths that nothing needs; null leaves Nix's
        setting, which is never.
      '';
    };

    maxFree = mkOption {
      type = types.nullOr types.ints.unsigned;
      default = 20 * 1024 * 1024 * 1024;
      description = "It stops removing when this many bytes are free.";
    };

    enableNFS = mkOption {
      type = types.bool;
      default = false;
      description = ''
        Also export /nix/store over NFS, read-only, to `nfsSubnet`. Rarely wanted: NFS asks for no key, so every machine
        of that subnet reads all that was ever built here, and a laptop whose desktop is away waits for the mount.
      '';
    };

    nfsSubnet = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "192.168.15.0/24";
      description = "The one subnet that may mount the store over NFS.";
    };
  };

  config = mkIf cfg.enable (mkMerge [
    {
      assertions = [
        {
          assertion = !cfg.enableNFS || isOneSubnet cfg.nfsSubnet;
          message = "services.offload-server.enableNFS needs nfsSubnet: one subnet such as 192.168.15.0/24, never everybody.";
        }
        {
          assertion = lib.hasPrefix "/" cfg.cacheKeyPath && !lib.hasPrefix builtins.storeDir cfg.cacheKeyPath;
          message = "services.offload-server.cacheKeyPath must be an absolute path outside of ${builtins.storeDir}, which everybody can read.";
        }
        {
          assertion = cfg.cacheKeyPath != cfg.cachePublicKeyPath;
          message = "services.offload-server.cacheKeyPath and cachePublicKeyPath must differ.";
        }
        {
          assertion = builtins.match "[A-Za-z0-9._-]+" cfg.keyName != null;
          message = "services.offload-server.keyName must be letters, digits, dots, dashes and underscores.";
        }
        {
          assertion = builtins.match "[a-z_][a-z0-9_-]*" cfg.builderUser != null && cfg.builderUser != "root";
          message = "services.offload-server.builderUser must be an ordinary user name, and not root.";
        }
        {
          assertion = lib.all (key: builtins.match ".*PRIVATE KEY.*" key == null) cfg.authorizedKeys;
          message = "services.offload-server.authorizedKeys holds a private key: the store is readable for everybody. Use the .pub line, and make a new key.";
        }
        {
          assertion = cfg.minFree == null || cfg.maxFree == null || cfg.minFree <= cfg.maxFree;
          message = "services.offload-server.minFree must not be more than maxFree.";
        }
        {
          assertion = config.nix.enable;
          message = "services.offload-server needs nix.enable.";
        }
      ];

      warnings =
        optional (cfg.authorizedKeys == [ ])
          "services.offload-server.authorizedKeys is empty: no laptop can build here yet. Add the line of the laptop's /etc/nix/builder_key.pub."
        ++ optional cfg.enableNFS
          "services.offload-server.enableNFS: every machine of ${toString cfg.nfsSubnet} can read /nix/store without a key.";

      users.groups.${cfg.builderUser} = { };
      users.users.${cfg.builderUser} = {
        isSystemUser = true;
        group = cfg.builderUser;
        description = "Builds for laptops";
        home = "/var/lib/${cfg.builderUser}";
        createHome = true;
        # Not nologin: sshd runs every command, a forced one too, through the shell.
        shell = pkgs.bashInteractive;
        openssh.authorizedKeys.keys = map (
          key: if builtins.match "(ssh-|ecdsa-|sk-).*" key != null then "restrict ${key}" else key
        ) cfg.authorizedKeys;
      };

      services.openssh = {
        enable = true;
        # Last, and closed by Match all, so that no other setting falls into its scope.
        extraConfig = lib.mkAfter (
          concatStringsSep "\n" (
            [
              "Match User ${cfg.builderUser}"
              "  AllowAgentForwarding no"
              "  AllowTcpForwarding no"
              "  AllowStreamLocalForwarding no"
              "  PermitTunnel no"
              "  PermitTTY no"
              "  X11Forwarding no"
              "  PasswordAuthentication no"
              "  KbdInteractiveAuthentication no"
            ]
            ++ optional cfg.restrictCommands "  ForceCommand ${allowedCommand}"
            ++ [
              "Match all"
              ""
            ]
          )
        );
      };

      nix.settings = {
        # Else it could neither receive unsigned paths nor build derivations that were sent to it.
        trusted-users = [ cfg.builderUser ];
        # Added to whatever allowed-users says: a plain definition would replace the default, which is everybody.
        extra-allowed-users = [
          cfg.builderUser
          cacheUnit
        ];
        max-jobs = mkIf (cfg.maxJobs != null) cfg.maxJobs;
        cores = mkIf (cfg.cores != null) cfg.cores;
        min-free = mkIf (cfg.minFree != null) cfg.minFree;
        max-free = mkIf (cfg.maxFree != null) cfg.maxFree;
      };

      systemd.services.offload-cache-key = {
        description = "Signing key of the Nix binary cache";
        before = [ "${cacheUnit}.service" ];
        requiredBy = [ "${cacheUnit}.service" ];
        wantedBy = [ "multi-user.target" ];
        path = [ config.nix.package ];
        # convert-secret-to-public reads no store, but Nix wants a home.
        environment.HOME = "/root";
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
        };
        script = keyScript;
      };

      networking.firewall = mkIf cfg.openFirewall (
        if cfg.interfaces == [ ] then
          { allowedTCPPorts = openPorts; }
        else
          { interfaces = lib.genAttrs cfg.interfaces (_: { allowedTCPPorts = openPorts; }); }
      );
    }

    (mkIf (!isHarmonia) {
      services.nix-serve = {
        enable = true;
        port = cfg.cachePort;
        secretKeyFile = cfg.cacheKeyPath;
      };
    })

    (mkIf isHarmonia {
      services.harmonia =
        let
          settings = {
            bind = "[::]:${toString cfg.cachePort}";
            # Before cache.nixos.org (40), as nix-serve is: the desktop is nearer.
            priority = 30;
          };
        in
        if hasHarmoniaCache then
          {
            cache = {
              enable = true;
              signKeyPaths = [ cfg.cacheKeyPath ];
              inherit settings;
            };
          }
        else
          {
            enable = true;
            signKeyPaths = [ cfg.cacheKeyPath ];
            inherit settings;
          };
    })

    (mkIf cfg.enableNFS {
      services.nfs.server = {
        enable = true;
        exports = ''
          /nix/store ${toString cfg.nfsSubnet}(ro,all_squash,no_subtree_check)
        '';
      };
    })
  ]);
}
