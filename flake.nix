{
  description = "Offload Tray: see at a glance whether your Nix builds run on the desktop";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      forEach = make: lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      # The Electron this was made for, where nixpkgs has it under its own name.
      packageFor = pkgs: pkgs.callPackage ./nix/package.nix { electron = pkgs.electron_45 or pkgs.electron; };
      programs = [
        "offload-tray"
        "offload-status"
        "offload-test-build"
        "offload-repair"
      ];
    in
    {
      packages = forEach (pkgs: rec {
        offload-tray = packageFor pkgs;
        default = offload-tray;
      });

      apps = forEach (
        pkgs:
        let
          app = name: {
            type = "app";
            program = "${packageFor pkgs}/bin/${name}";
          };
        in
        lib.genAttrs programs app // { default = app "offload-tray"; }
      );

      overlays.default = final: _: { offload-tray = packageFor final; };

      nixosModules = {
        offload-server = ./nix/modules/offload-server.nix;
        offload-client = ./nix/modules/offload-client.nix;
        default.imports = [
          ./nix/modules/offload-server.nix
          ./nix/modules/offload-client.nix
        ];
      };

      homeManagerModules = rec {
        offload-tray = import ./nix/modules/home-manager.nix { defaultPackage = packageFor; };
        default = offload-tray;
      };

      devShells = forEach (pkgs: {
        # `npm ci && npm start` uses the Electron on the PATH: one that was downloaded cannot run on NixOS.
        default = pkgs.mkShell {
          packages = [
            pkgs.nodejs
            (pkgs.electron_45 or pkgs.electron)
            pkgs.libnotify
            pkgs.openssh
          ];
        };
      });

      checks = forEach (pkgs: {
        package = packageFor pkgs;
        offload = pkgs.testers.runNixOSTest (
          import ./nix/tests/offload.nix {
            modules = self.nixosModules;
            offload-tray = packageFor pkgs;
          }
        );
      });
    };
}
