{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.tower = nixpkgs.lib.nixosSystem { modules = [ ./tower.nix ]; };
    nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ./box.nix ]; };
  };
}
