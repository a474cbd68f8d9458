{ ... }:
{
  imports = [ ./hardware-configuration.nix ./modules/services/offload-server.nix ];
  services.offload-server = {
    enable = true;
    cachePort = 5000;
    authorizedKeys = [ "ssh-ed25519 AAAAC3NzaLaptop root@laptop" ];
  };
}
