{ ... }:
{
  imports = [ ./offload-server.nix ];
  services.offload-server = {
    enable = false; # until the new disk is in
    cachePort = 5000;
    authorizedKeys = [ ];
  };
}
