{ config, lib, ... }:
{
  imports = [ ./hardware-configuration.nix ];
  config = lib.mkIf config.my.enable {
    services.openssh.enable = true;
  };
}
