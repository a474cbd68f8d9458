{
  outputs = { nixpkgs, ... }@inputs: {
    nixosConfigurations = {
      laptop = nixpkgs.lib.nixosSystem {
        modules = [ ./laptop.nix ];
      };
      desktop = nixpkgs.lib.nixosSystem {
        modules = [ ./desktop.nix ];
      };
    };
  };
}
