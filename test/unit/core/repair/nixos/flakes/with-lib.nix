{
  outputs = { nixpkgs, ... }: with nixpkgs.lib; {
    nixosConfigurations.desktop = (makeOverridable nixosSystem) {
      modules = [ ./a.nix ];
    };
    nixosConfigurations.tower = nixosSystem rec {
      system = "x86_64-linux";
      modules = [
        # nothing of its own yet
      ];
    };
  };
}
