{ lib, ... }:
{ services.openssh.enable = true; } // lib.optionalAttrs true { services.offload-server.enable = false; }
