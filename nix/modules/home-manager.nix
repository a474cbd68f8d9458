# Starts the tray with the person's graphical session, by a systemd user unit (home-manager).
{ defaultPackage }:
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.services.offload-tray;
in
{
  options.services.offload-tray = {
    enable = lib.mkEnableOption "the Offload Tray icon";

    package = lib.mkOption {
      type = lib.types.package;
      default = defaultPackage pkgs;
      defaultText = lib.literalMD "the package of this flake";
      description = "The package to run, whose commands are put on the PATH as well.";
    };
  };

  config = lib.mkIf cfg.enable {
    home.packages = [ cfg.package ];

    systemd.user.services.offload-tray = {
      Unit = {
        Description = "Shows whether Nix builds run on the desktop";
        # tray.target is home-manager's: the panel that shows icons is up. Without one the app waits for it by itself.
        After = [
          "graphical-session.target"
          "tray.target"
        ];
        PartOf = [ "graphical-session.target" ];
      };
      Service = {
        ExecStart = "${cfg.package}/bin/offload-tray --hidden";
        # It ends with 0 when the person quits it: then it stays away.
        Restart = "on-failure";
        RestartSec = 5;
      };
      Install.WantedBy = [ "graphical-session.target" ];
    };
  };
}
