{
  outputs = { self, nixpkgs, ... }:
    let common = [ ./common.nix ]; in {
      nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
        modules = common ++ [
          ./desktop.nix
        ] ++ nixpkgs.lib.optional true ./extra.nix;
      };
    };
}
