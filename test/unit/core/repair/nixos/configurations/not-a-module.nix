import ./real-configuration.nix
