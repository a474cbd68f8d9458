{ config, lib, ... }:
{
  imports = [ ./offload-server.nix ];
  config = lib.mkMerge [
    { networking.hostName = "desktop"; }
    (lib.mkIf config.my.builder { services.offload-server.enable = true; })
  ];
}
