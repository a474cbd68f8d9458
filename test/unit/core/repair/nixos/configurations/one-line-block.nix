{ pkgs, ... }: {
  imports = [ ./offload-server.nix ];
  services.offload-server = { enable = false; };
}
