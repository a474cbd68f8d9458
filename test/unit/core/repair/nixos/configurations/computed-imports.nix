{ lib, ... }:
{
  imports = map (name: ./modules + "/${name}") (builtins.attrNames (builtins.readDir ./modules));
}
