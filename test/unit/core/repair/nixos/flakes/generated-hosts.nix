{
  outputs = { self, nixpkgs, ... }: {
    nixosConfigurations = nixpkgs.lib.genAttrs [ "desktop" "laptop" ] (name:
      nixpkgs.lib.nixosSystem { modules = [ ./hosts/${name} ]; });
  };
}
