{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.tower = nixpkgs.lib.nixosSystem {
      modules = [ ./tower.nix ./offload-server.nix ];
    };
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      modules = [ ./desktop.nix ];
    };
  };
}
