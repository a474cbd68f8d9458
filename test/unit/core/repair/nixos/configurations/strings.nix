{ pkgs, ... }:
{
  imports = [ ./hardware-configuration.nix ];
  environment.etc."note".text = ''
    services.offload-server = { enable = true; }; ${"imports = [ ./offload-server.nix ];"}
    ''${x} $${y} '''
  '';
  users.motd = "} ${"a}b"} \" \${z} $${w}";
}
