{ config, lib, ... }:
{
  imports = [ ./offload-server.nix ];
  config = lib.mkMerge [
    { networking.hostName = "desktop"; }
    { services.offload-server = { enable = false; }; }
  ];
}
