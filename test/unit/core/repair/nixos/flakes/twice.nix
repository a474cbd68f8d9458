{
  outputs = { nixpkgs, ... }:
    { nixosConfigurations.desktop = nixpkgs.lib.nixosSystem { modules = [ ./a.nix ]; }; }
    // { nixosConfigurations.desktop = nixpkgs.lib.nixosSystem { modules = [ ./b.nix ]; }; };
}
