# The desktop in the study: its imports are computed, so no program can tell where to write one more.
{ config, lib, pkgs, ... }:

{
  imports = map (name: ./. + "/${name}.nix") [ "hardware-configuration" ];

  networking.hostName = "desktop";
  services.openssh.enable = true;
  system.stateVersion = "25.05";
}
