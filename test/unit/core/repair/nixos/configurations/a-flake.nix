{
  description = "no configuration at all";
  outputs = { self, nixpkgs }: { };
}
