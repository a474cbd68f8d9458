{
  outputs = { self, nixpkgs, ... }: let modules = [ ./configuration.nix ]; in {
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      inherit modules;
    };
  };
}
