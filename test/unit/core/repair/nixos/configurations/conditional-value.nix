{ config, lib, ... }:
{
  imports = [ ./offload-server.nix ];
  services.offload-server.enable = lib.mkIf (config.networking.hostName == "desktop") true;
}
