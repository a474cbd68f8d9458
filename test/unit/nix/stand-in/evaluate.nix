# What a machine with our modules comes to: its configuration, and which of its assertions fail.
{
  modules,
  settings,
  harmonia ? "new",
  # The real lib of nixpkgs may be given in place of the stand-in: both must come to the same.
  lib ? import ./lib.nix,
}:
let
  # Names in place of packages; a script's text stands in its name, so that a test can run it.
  pkgs = {
    bashInteractive = "/pkgs/bash-interactive";
    openssh = "/pkgs/openssh";
    stdenv.hostPlatform.system = "x86_64-linux";
    writeShellScript = name: text: "/pkgs/${name}#${builtins.toJSON text}";
  };
  all = [ (import ./nixos.nix { inherit harmonia; }) ] ++ modules ++ [ settings ];
  evaluated =
    if lib.isStandIn or false then
      lib.evalModules {
        inherit pkgs;
        modules = all;
      }
    else
      lib.evalModules { modules = all ++ [ { _module.args.pkgs = pkgs; } ]; };
  inherit (evaluated) config;
in
{
  # Without our own options, of which some have no value until they are needed.
  config = removeAttrs config [ "assertions" ] // {
    services = removeAttrs config.services [
      "offload-server"
      "offload-client"
    ];
  };
  failed = map (one: one.message) (builtins.filter (one: !one.assertion) config.assertions);
}
