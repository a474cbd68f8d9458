{ config, ... }:
{
  imports = [ ./offload-server.nix ];
  services.offload-server = {
    enable = config.networking.hostName == "desktop";
  };
}
