{ lib, ... }:
{
  imports = [ ./offload-server.nix ];
  services.offload-server = {
    enable = lib.mkDefault true;
    cachePort = lib.mkDefault 8080;
    authorizedKeys = [
      "ssh-ed25519 AAAAC3NzaOther root@other" # the old laptop
    ];
  };
}
