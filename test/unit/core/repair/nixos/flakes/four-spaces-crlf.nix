{
    outputs = { nixpkgs, ... }: {
        nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
            modules = [
                ./configuration.nix
            ];
        };
    };
}
