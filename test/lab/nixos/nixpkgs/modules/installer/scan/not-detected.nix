# As nixpkgs has it, without what it sets: hardware-configuration.nix imports it.
{ ... }: { }
