# STAND-IN: options that the lab's configuration sets beside those of nixos.nix; none of them does anything here.
{ lib, ... }:
let
  any = lib.mkOption { type = lib.types.anything; default = { }; };
in
{
  options = {
    boot.loader = any;
    boot.initrd = any;
    boot.kernelModules = any;
    networking.networkmanager = any;
    networking.firewall.enable = lib.mkOption { type = lib.types.bool; default = true; };
    time.timeZone = any;
    i18n.defaultLocale = any;
    environment.systemPackages = any;
    services.printing = any;
    nixpkgs.hostPlatform = any;
    system.stateVersion = any;
  };
}
