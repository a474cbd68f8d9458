# Edit this configuration file to define what should be installed on
# your system.

{ config, pkgs, ... }:

{
  imports =
    [ # Include the results of the hardware scan.
      ./hardware-configuration.nix
    ];

  boot.loader.systemd-boot.enable = true;
  networking.hostName = "desktop"; # Define your hostname.

  # services.offload-server.enable = true;

  # This value determines the NixOS release.
  system.stateVersion = "24.11"; # Did you read the comment?

}
