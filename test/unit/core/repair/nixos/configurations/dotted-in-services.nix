{ ... }:
{
  imports = [ ./offload-server.nix ];
  services = {
    offload-server.enable = true;
    openssh.enable = true;
  };
}
