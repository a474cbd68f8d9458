{ ... }:
{
  imports = [ ./offload-server.nix ];
  services.offload-server = {
    enable = true;
    cachePort = 5000;
    authorizedKeys = import ./keys.nix;
  };
}
