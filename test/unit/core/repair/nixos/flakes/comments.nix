# modules = [ ./offload-server.nix ];
{
  outputs =
    inputs@{ self, nixpkgs, ... }:
    {
      /* nixosConfigurations.desktop = "old"; */
      nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
        modules = [
          # the machine itself
          ./hosts/desktop # all of it ]
          # ./modules/services/offload-server.nix
          ./modules/fonts.nix /* nice ones */ # really
          # more to come
        ];
      };
    };
}
