{ lib, ... }:
{
  imports = [ ./offload-server.nix ];
  config = lib.mkMerge [
    { services.offload-server.enable = true; }
    { services.offload-server.enable = false; }
  ];
}
