{ config, lib, ... }:
{
  imports = [ ./hardware-configuration.nix ];
  options.my.enable = lib.mkEnableOption "mine";
  config = {
    services.openssh.enable = true;
    networking.hostName = "desktop";
  };
}
