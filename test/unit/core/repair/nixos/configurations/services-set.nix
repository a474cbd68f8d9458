{ config, pkgs, ... }:
{
  imports = [ ./hardware-configuration.nix ];
  services = {
    openssh.enable = true;
    xserver = { enable = true; };
  };
  system.stateVersion = "24.05";
}
