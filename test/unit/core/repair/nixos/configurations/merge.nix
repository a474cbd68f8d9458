{ config, lib, pkgs, ... }:
{
  imports = [ ./hardware-configuration.nix ];
  config = lib.mkMerge [
    {
      networking.hostName = "desktop";
    }
    (lib.mkIf config.services.xserver.enable {
      services.pipewire.enable = true;
    })
    (import ./extra.nix { inherit pkgs; })
  ];
}
