{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      modules = [ ./configuration.nix ./modules/services/offload-server.nix ];
    };
  };
}
