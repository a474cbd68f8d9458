# package-lock.json here names versions and hashes but no addresses, so that it is the same behind every mirror. nixpkgs'
# importNpmLock wants an address for each package: it follows from name and version, and the hash still decides.
{ lib, registry }:
lock:
let
  # node_modules/a/node_modules/@scope/b -> @scope/b; an alias carries its real name.
  nameOf = path: package: package.name or (lib.last (lib.splitString "node_modules/" path));
  # @scope/b -> b
  fileOf = name: lib.last (lib.splitString "/" name);
  addressOf =
    path: package:
    let
      name = nameOf path package;
    in
    "${registry}/${name}/-/${fileOf name}-${package.version}.tgz";
  isFetched = path: package: path != "" && !(package.link or false) && !(package ? resolved);
in
lock
// {
  packages = builtins.mapAttrs (
    path: package:
    if !isFetched path package then
      package
    else if !(package ? integrity) then
      throw "package-lock.json has no hash for ${path}"
    else
      package // { resolved = addressOf path package; }
  ) lock.packages;
}
