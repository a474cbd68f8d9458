{ config, pkgs, lib, ... }:

let
  user = "ana";
in
with lib;
{
  # who works here
  users.users.${user}.isNormalUser = true;
}
