{
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      modules = [
        ./configuration.nix
        (self + "/nix/offload-server.nix")
      ];
    };
  };
}
