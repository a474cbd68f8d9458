{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations."desktop" = nixpkgs.lib.nixosSystem {
      modules = [ ./hardware.nix
                  ./configuration.nix ];
    };
  };
}
