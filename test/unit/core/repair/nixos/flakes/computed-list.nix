{
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      modules = builtins.attrValues self.nixosModules;
    };
  };
}
