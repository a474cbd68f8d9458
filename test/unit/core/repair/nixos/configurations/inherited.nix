{ config, settings, ... }:
{
  imports = [ ./offload-server.nix ];
  services.offload-server = {
    inherit (settings) enable;
  };
}
