{
  outputs = { self, nixpkgs, ... }@inputs:
    let
      mkHost = name: nixpkgs.lib.nixosSystem { modules = [ ./hosts/${name} ]; };
    in {
      nixosConfigurations.desktop = mkHost "desktop";
    };
}
