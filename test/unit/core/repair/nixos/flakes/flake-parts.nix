{
  outputs = inputs@{ flake-parts, ... }:
    flake-parts.lib.mkFlake { inherit inputs; } {
      systems = [ "x86_64-linux" ];
      flake = {
        nixosConfigurations.desktop = inputs.nixpkgs.lib.nixosSystem {
          modules = [
            ({ pkgs, ... }: {
              environment.etc."motd".text = ''
                ]; } ${pkgs.system} ''${not this} ''' modules = [ ];
              '';
            })
          ];
        };
      };
    };
}
