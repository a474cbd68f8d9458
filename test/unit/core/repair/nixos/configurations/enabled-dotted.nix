{ ... }:
{
  imports = [ ../shared/offload-server.nix ];
  services.offload-server.enable = true;
  services.offload-server.cachePort = 5000;
  services.offload-server.authorizedKeys = [
    "restrict ssh-ed25519 AAAAC3NzaLaptop"
  ];
}
