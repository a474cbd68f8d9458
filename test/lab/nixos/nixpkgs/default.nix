# STAND-IN for nixpkgs' lib in the lab: nixosSystem evaluates a machine's modules by the real Nix and the stand-in lib (lib.nix and nixos.nix are the
# unit tests' own), and gives as `standin` what the lab's nixos-rebuild and switch-to-configuration need of it.
let
  lib = import ./lib.nix;
  pkgs = {
    bashInteractive = "/bin/bash";
    openssh = "/usr";
    git = "git";
    vim = "vim";
    stdenv.hostPlatform.system = "x86_64-linux";
    writeShellScript = name: text: builtins.toFile name "#!/bin/sh\n${text}";
  };
  nixosSystem =
    {
      modules,
      specialArgs ? { },
      ...
    }:
    let
      evaluated = lib.evalModules {
        inherit pkgs;
        specialArgs = { modulesPath = ./modules; } // specialArgs;
        modules = [
          (import ./nixos.nix {
            harmonia = "new";
            openUsers = true;
          })
          ./options.nix
        ]
        ++ modules;
      };
      raw = evaluated.config;
      failed = map (one: one.message) (builtins.filter (one: !one.assertion) raw.assertions);
      config =
        if failed == [ ] then
          raw
        else
          throw "\nFailed assertions:\n${builtins.concatStringsSep "\n" (map (text: "- ${text}") failed)}";
      ssh = config.services.openssh;
      systemUsers = builtins.filter (name: config.users.users.${name}.isSystemUser) (
        builtins.attrNames config.users.users
      );
    in
    {
      inherit config;
      inherit (evaluated) options;
      standin = {
        inherit (config.networking) hostName;
        inherit (config) warnings;
        users = builtins.listToAttrs (
          map (name: {
            inherit name;
            value = {
              inherit (config.users.users.${name}) home shell;
              keys = config.users.users.${name}.openssh.authorizedKeys.keys;
            };
          }) systemUsers
        );
        sshd = {
          inherit (ssh) enable extraConfig;
        };
        nix = config.nix.settings;
        firewall = {
          inherit (config.networking.firewall) enable;
          ports = config.networking.firewall.allowedTCPPorts ++ lib.optionals (ssh.enable && ssh.openFirewall) ssh.ports;
        };
        cacheKey = config.systemd.services.offload-cache-key.script or null;
        nixServe = { inherit (config.services.nix-serve) enable port secretKeyFile; };
      };
    };
in
lib // { inherit nixosSystem; }
