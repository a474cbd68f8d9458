# A STAND-IN for the options of NixOS that our modules set: their names and types as in nixos/modules, and no more
# behaviour than the tests look at. `harmonia` is "new" (services.harmonia.cache) or "old" (flat). `openUsers`: a user may
# have other options than those declared here.
{
  harmonia,
  openUsers ? false,
}:
{ lib, ... }:
let
  inherit (lib) mkOption types;
  option = type: mkOption { inherit type; };
  withDefault = type: default: mkOption { inherit type default; };
  strings = withDefault (types.listOf types.str) [ ];
  nullOrString = withDefault (types.nullOr types.str) null;
  ports = withDefault (types.listOf types.port) [ ];
  harmoniaOptions = {
    enable = withDefault types.bool false;
    signKeyPaths = strings;
    settings = withDefault (types.attrsOf types.anything) { };
  };
in
{
  options = {
    assertions = withDefault (types.listOf types.raw) [ ];
    warnings = strings;

    users.groups = withDefault (types.attrsOf (types.submodule { options = { gid = withDefault (types.nullOr types.int) null; }; })) { };
    users.users = withDefault (types.attrsOf (
      types.submodule { ${if openUsers then "freeformType" else null} = types.attrsOf types.anything; options = {
        isSystemUser = withDefault types.bool false;
        group = option types.str;
        description = withDefault types.str "";
        home = option types.str;
        createHome = withDefault types.bool false;
        shell = option types.str;
        openssh.authorizedKeys.keys = strings;
      }; }
    )) { };

    services.openssh = {
      enable = withDefault types.bool false;
      ports = withDefault (types.listOf types.port) [ 22 ];
      openFirewall = withDefault types.bool true;
      extraConfig = withDefault types.lines "";
    };
    services.nix-serve = {
      enable = withDefault types.bool false;
      port = withDefault types.port 5000;
      bindAddress = withDefault types.str "0.0.0.0";
      secretKeyFile = nullOrString;
      openFirewall = withDefault types.bool false;
    };
    services.harmonia = if harmonia == "new" then { cache = harmoniaOptions; } else harmoniaOptions;
    services.nfs.server = {
      enable = withDefault types.bool false;
      exports = withDefault types.lines "";
    };

    networking.hostName = withDefault types.str "nixos";
    networking.firewall = {
      allowedTCPPorts = ports;
      interfaces = withDefault (types.attrsOf (types.submodule { options = { allowedTCPPorts = ports; }; })) { };
    };

    nix.enable = withDefault types.bool true;
    nix.package = withDefault types.str "/pkgs/nix";
    nix.settings = withDefault (types.submodule {
      freeformType = types.attrsOf types.anything;
      options = {
        substituters = strings;
        trusted-public-keys = strings;
        trusted-users = strings;
      };
    }) { };
    nix.distributedBuilds = withDefault types.bool false;
    nix.buildMachines = withDefault (types.listOf (
      types.submodule { options = {
        hostName = option types.str;
        protocol = withDefault (types.enum [ null "ssh" "ssh-ng" ]) "ssh";
        system = nullOrString;
        systems = strings;
        sshUser = nullOrString;
        sshKey = nullOrString;
        maxJobs = withDefault types.int 1;
        speedFactor = withDefault types.ints.positive 1;
        supportedFeatures = strings;
        mandatoryFeatures = strings;
        publicHostKey = nullOrString;
      }; }
    )) [ ];

    programs.ssh = {
      extraConfig = withDefault types.lines "";
      knownHosts = withDefault (types.attrsOf (
        types.submodule { options = {
          hostNames = strings;
          publicKey = nullOrString;
        }; }
      )) { };
    };

    systemd.services = withDefault (types.attrsOf (
      types.submodule { options = {
        description = withDefault types.str "";
        before = strings;
        after = strings;
        requiredBy = strings;
        wantedBy = strings;
        path = withDefault (types.listOf types.str) [ ];
        environment = withDefault (types.attrsOf types.str) { };
        serviceConfig = withDefault (types.attrsOf types.anything) { };
        script = option types.lines;
      }; }
    )) { };

    boot.supportedFilesystems = strings;
    fileSystems = withDefault (types.attrsOf (
      types.submodule { options = {
        device = option types.str;
        fsType = option types.str;
        options = strings;
      }; }
    )) { };
  };

  # As NixOS itself sets them.
  config.nix.settings = {
    substituters = lib.mkAfter [ "https://cache.nixos.org/" ];
    trusted-public-keys = [ "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ];
    trusted-users = [ "root" ];
    require-sigs = lib.mkDefault true;
  };
}
