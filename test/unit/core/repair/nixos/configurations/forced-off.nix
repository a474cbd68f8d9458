{ lib, ... }:
{
  imports = [ ./offload-server.nix ];
  services.offload-server.enable = lib.mkForce false;
}
