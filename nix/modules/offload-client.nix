# The laptop: builds on the desktop while that answers, and on its own when it does not.
{
  config,
  lib,
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
    types
    ;

  cfg = config.services.offload-client;

  isIPv6 = lib.hasInfix ":" cfg.host;
  # In URLs and store URIs.
  urlHost = if isIPv6 then "[${cfg.host}]" else cfg.host;
  hasCache = cfg.cachePublicKey != null;

  # Nix's machines file wants the whole key line in base64, which nixpkgs' lib cannot make: here for printable ASCII.
  printable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
  alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  charAt = text: at: builtins.substring at 1 text;
  codes = builtins.listToAttrs (
    builtins.genList (at: {
      name = charAt printable at;
      value = at + 32;
    }) (builtins.stringLength printable)
  );
  toBase64 =
    text:
    let
      length = builtins.stringLength text;
      code = at: if at < length then codes.${charAt text at} else 0;
      four =
        group:
        let
          at = group * 3;
          bits = code at * 65536 + code (at + 1) * 256 + code (at + 2);
          sign = divisor: charAt alphabet (lib.mod (bits / divisor) 64);
        in
        sign 262144
        + sign 4096
        + (if at + 1 < length then sign 64 else "=")
        + (if at + 2 < length then sign 1 else "=");
    in
    concatStringsSep "" (builtins.genList four ((length + 2) / 3));

  isHostKey = line: builtins.match "(ssh-|ecdsa-|sk-)[^ ]+ AAAA[A-Za-z0-9+/=]+( [ -~]*)?" line != null;
  # Type and blob: what follows is a remark.
  hostKey = concatStringsSep " " (lib.take 2 (lib.splitString " " cfg.publicHostKey));

  keyScript = ''
    set -euo pipefail
    umask 077
    key=${escapeShellArg cfg.sshKey}
    if [ ! -e "$key" ]; then
      mkdir -p "$(dirname "$key")"
      # Made beside its place and linked there: a crash leaves no half key, and ln never replaces one that is there.
      folder=$(mktemp -d "$(dirname "$key")/.offload-builder-key.XXXXXX")
      trap 'rm -rf "$folder"' EXIT
      ssh-keygen -q -t ed25519 -N "" -C "root@$(cat /proc/sys/kernel/hostname)" -f "$folder/key"
      ln -T "$folder/key" "$key"
      mv -T "$folder/key.pub" "$key.pub"
      echo "Made a new builder key. Put this line into services.offload-server.authorizedKeys on the desktop:"
      cat "$key.pub"
    fi
    # ssh refuses a key that others may read.
    chown root:root "$key"
    chmod 0600 "$key"
    # Offload Tray proves the key by its public half.
    if [ ! -e "$key.pub" ]; then
      ssh-keygen -y -P "" -f "$key" > "$key.pub.new"
      mv -T "$key.pub.new" "$key.pub"
    fi
    chmod 0644 "$key.pub"
  '';
in
{
  options.services.offload-client = {
    enable = mkEnableOption "building on a desktop that runs services.offload-server";

    host = mkOption {
      type = types.str;
      example = "192.168.15.7";
      description = ''
        Address or name of the desktop. This is the one place where it stands: builder, cache, host key and SSH settings
        follow it.
      '';
    };

    sshPort = mkOption {
      type = types.port;
      default = 22;
      description = "Port of the desktop's SSH server.";
    };

    builderUser = mkOption {
      type = types.str;
      default = "nix-builder";
      description = "User to sign in as, the desktop's `services.offload-server.builderUser`.";
    };

    sshKey = mkOption {
      type = types.str;
      default = "/etc/nix/builder_key";
      description = "Private key for it, without a passphrase, readable by root only. A path outside of the Nix store.";
    };

    generateKey = mkOption {
      type = types.bool;
      default = true;
      description = "Make `sshKey` where it is missing (never over one that is there), and its public half beside it.";
    };

    publicHostKey = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA...";
      description = ''
        The desktop's host key, the line of its /etc/ssh/ssh_host_ed25519_key.pub. With it Nix knows the desktop for sure;
        without it every build fails with "Host key verification failed" until root has accepted the key by hand.
      '';
    };

    systems = mkOption {
      type = types.listOf types.str;
      default = [ pkgs.stdenv.hostPlatform.system ];
      defaultText = lib.literalExpression "[ pkgs.stdenv.hostPlatform.system ]";
      description = "Systems that the desktop builds for.";
    };

    maxJobs = mkOption {
      type = types.ints.positive;
      default = 4;
      description = "Builds to send at the same time.";
    };

    speedFactor = mkOption {
      type = types.ints.positive;
      default = 2;
      description = "How fast the desktop is beside other builders.";
    };

    supportedFeatures = mkOption {
      type = types.listOf types.str;
      default = [
        "nixos-test"
        "benchmark"
        "big-parallel"
        "kvm"
      ];
      description = "Features that builds may ask for. Take out kvm and nixos-test where the desktop has no /dev/kvm.";
    };

    mandatoryFeatures = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Send only builds that ask for all of these.";
    };

    useSubstitutes = mkOption {
      type = types.bool;
      default = true;
      description = "Let the desktop download what a build needs from its own caches, instead of uploading it from here.";
    };

    cachePort = mkOption {
      type = types.port;
      default = 5000;
      description = "Port of the desktop's binary cache.";
    };

    cacheUrl = mkOption {
      type = types.str;
      default = "http://${urlHost}:${toString cfg.cachePort}";
      defaultText = lib.literalExpression ''"http://''${host}:''${toString cachePort}"'';
      description = "The desktop's binary cache. Nix asks it before cache.nixos.org.";
    };

    cachePublicKey = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "cache.local-1:vwcd0zkH...=";
      description = ''
        Public key of the cache, the line of the desktop's /var/cache-pub-key.pem. The cache is used once it is set.
      '';
    };

    fallback = mkOption {
      type = types.bool;
      default = true;
      description = ''
        Build what a cache fails to deliver. Without it a desktop that is away makes every build fail while nothing else
        has the paths.
      '';
    };

    connectTimeout = mkOption {
      type = types.ints.positive;
      default = 5;
      description = "Seconds to wait for the desktop, by SSH and by HTTP, before going on without it.";
    };

    downloadAttempts = mkOption {
      type = types.ints.positive;
      default = 3;
      description = "How often a download is tried. Each try at a dead cache costs time.";
    };

    nfs = {
      enable = mkOption {
        type = types.bool;
        default = false;
        description = ''
          Mount the desktop's /nix/store at `mountPoint`, to look at; the desktop needs `enableNFS`. Rarely wanted: builds
          and the cache need none of it, whoever can answer for the desktop's address decides what stands in it, and
          programs that touch it while the desktop is away wait until the mount gives up.
        '';
      };

      mountPoint = mkOption {
        type = types.str;
        default = "/mnt/desktop-store";
        description = "Where to mount it: never over this laptop's own store, whose database knows none of those paths.";
      };
    };
  };

  config = mkIf cfg.enable (mkMerge [
    {
      assertions = [
        {
          assertion = builtins.match "[A-Za-z0-9._:%-]+" cfg.host != null;
          message = "services.offload-client.host must be a bare address or name, without user, port or scheme (here: ${cfg.host}).";
        }
        {
          assertion = lib.hasPrefix "/" cfg.sshKey && !lib.hasPrefix builtins.storeDir cfg.sshKey;
          message = "services.offload-client.sshKey must be an absolute path outside of ${builtins.storeDir}, which everybody can read.";
        }
        {
          assertion = builtins.match "[^ \t]+" cfg.sshKey != null;
          message = "services.offload-client.sshKey must not hold a space: Nix's machines file has no quotes.";
        }
        {
          assertion = cfg.publicHostKey == null || isHostKey cfg.publicHostKey;
          message = "services.offload-client.publicHostKey must be a key line such as \"ssh-ed25519 AAAA...\", not in base64 once more and without the host's name.";
        }
        {
          assertion = cfg.cachePublicKey == null || builtins.match "[^: ]+:[A-Za-z0-9+/]{43}=" cfg.cachePublicKey != null;
          message = "services.offload-client.cachePublicKey must be \"name:key\", the line of the desktop's /var/cache-pub-key.pem.";
        }
        {
          assertion = cfg.systems != [ ];
          message = "services.offload-client.systems must name at least one system.";
        }
        {
          assertion = !cfg.nfs.enable || !lib.hasPrefix "/nix" cfg.nfs.mountPoint;
          message = "services.offload-client.nfs.mountPoint must not be below /nix.";
        }
        {
          assertion = config.nix.enable;
          message = "services.offload-client needs nix.enable.";
        }
      ];

      warnings =
        optional (cfg.publicHostKey == null)
          "services.offload-client.publicHostKey is not set: builds fail with \"Host key verification failed\" until root has accepted the desktop's key."
        ++ optional (!hasCache)
          "services.offload-client.cachePublicKey is not set, so the desktop's cache is not used. It is the line of the desktop's /var/cache-pub-key.pem."
        ++ optional (!cfg.fallback)
          "services.offload-client.fallback is off: while the desktop's cache is away, builds can fail."
        ++ optional ((config.nix.settings.max-jobs or null) == 0)
          "nix.settings.max-jobs is 0: while the desktop is away, nothing can be built at all."
        ++ optional cfg.nfs.enable
          "services.offload-client.nfs: programs that touch ${cfg.nfs.mountPoint} wait while the desktop is away.";

      # Without this NixOS writes the machines file and still tells Nix to use no builders.
      nix.distributedBuilds = true;
      nix.buildMachines = [
        {
          hostName = urlHost;
          protocol = "ssh-ng";
          sshUser = cfg.builderUser;
          inherit (cfg)
            sshKey
            systems
            maxJobs
            speedFactor
            supportedFeatures
            mandatoryFeatures
            ;
          publicHostKey = if cfg.publicHostKey == null then null else toBase64 hostKey;
        }
      ];

      nix.settings = {
        builders-use-substitutes = cfg.useSubstitutes;
        fallback = cfg.fallback;
        connect-timeout = cfg.connectTimeout;
        download-attempts = cfg.downloadAttempts;
        # Nix sorts by the priority that a cache names; among equals, by this order.
        substituters = mkIf hasCache (lib.mkBefore [ cfg.cacheUrl ]);
        trusted-public-keys = mkIf hasCache [ cfg.cachePublicKey ];
      };

      # Nix gives ssh no timeout of its own: without these a desktop that is off holds every build for minutes.
      # Last, so that no other setting falls into the scope of its Match.
      programs.ssh.extraConfig = lib.mkAfter (
        concatStringsSep "\n" (
          [
            "Match host ${cfg.host} user ${cfg.builderUser}"
            "  ConnectTimeout ${toString cfg.connectTimeout}"
            "  ServerAliveInterval 15"
            "  ServerAliveCountMax 3"
            "  IdentitiesOnly yes"
            "  IdentityFile ${cfg.sshKey}"
          ]
          ++ lib.optionals (cfg.sshPort != 22) [
            "  Port ${toString cfg.sshPort}"
            # Nix keeps the pinned key under the bare name, where ssh would look for [name]:port.
            "  HostKeyAlias ${cfg.host}"
          ]
          ++ [ "" ]
        )
      );

      programs.ssh.knownHosts = mkIf (cfg.publicHostKey != null) {
        offload-desktop = {
          hostNames = [ cfg.host ] ++ optional (cfg.sshPort != 22) "[${cfg.host}]:${toString cfg.sshPort}";
          publicKey = hostKey;
        };
      };
    }

    (mkIf cfg.generateKey {
      systemd.services.offload-builder-key = {
        description = "SSH key for building on the desktop";
        wantedBy = [ "multi-user.target" ];
        before = [ "nix-daemon.service" ];
        path = [ pkgs.openssh ];
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
        };
        script = keyScript;
      };
    })

    (mkIf cfg.nfs.enable {
      boot.supportedFilesystems = [ "nfs" ];
      fileSystems.${cfg.nfs.mountPoint} = {
        device = "${urlHost}:/nix/store";
        fsType = "nfs4";
        # Mounted when touched, let go when idle, and an answer instead of a wait without end.
        options = [
          "ro"
          "noauto"
          "nofail"
          "_netdev"
          "soft"
          "timeo=50"
          "retrans=2"
          "nosuid"
          "nodev"
          "x-systemd.automount"
          "x-systemd.idle-timeout=300"
          "x-systemd.mount-timeout=10"
        ];
      };
    })
  ]);
}
