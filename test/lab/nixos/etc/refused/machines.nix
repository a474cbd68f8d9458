{
  desktop = [ ./hosts/desktop/configuration.nix ];
}
