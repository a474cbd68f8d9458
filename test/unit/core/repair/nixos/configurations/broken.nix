{ ... }:
{
  services.offload-server = { enable = true; ;
}
