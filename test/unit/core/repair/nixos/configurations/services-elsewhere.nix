{ config, ... }:
{
  imports = [ ./hardware-configuration.nix ];
  services = import ./services.nix;
}
