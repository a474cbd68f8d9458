{ lib, ... }:
{
  imports = [ ./offload-server.nix ];
  options.my.enable = lib.mkEnableOption "mine";
  config.services.offload-server.enable = false;
}
