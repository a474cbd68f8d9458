# A flake whose systems are made by a function: no list of modules to write into.
{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      machines = import ./machines.nix;
      mkHost = name: nixpkgs.lib.nixosSystem { modules = machines.${name}; };
    in
    {
      nixosConfigurations = builtins.mapAttrs (name: _: mkHost name) machines;
    };
}
