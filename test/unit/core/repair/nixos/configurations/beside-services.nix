{ config, lib, pkgs, ... }: {
  imports = [ ./hardware-configuration.nix ];

  services.openssh.enable = true;
  services.printing = {
    enable = true;
  };

  system.stateVersion = "25.05";
}
