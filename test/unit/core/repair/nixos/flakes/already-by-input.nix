{
  outputs = { nixpkgs, offload-tray, ... }: {
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      modules = [ ./configuration.nix offload-tray.nixosModules.offload-server ];
    };
  };
}
