{ lib, ... }:
{
  imports = [
    ./hardware-configuration.nix
  ] ++ lib.optional (builtins.pathExists ./local.nix) ./local.nix;

  "services"."offload-server".enable = true;
}
