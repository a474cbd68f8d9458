// The probe itself, in Nix and POSIX shell: no nixpkgs, no network, nothing but what every /bin/sh has built in.

/** The first words of each line that the probe prints from inside the build. */
export const marker = 'offload-test-build:'

/** A file is written in pieces of this many bytes, so its size is rounded up to them. */
const pieceBytes = 65_536

/**
 * `payload` is built here: unsigned and known to no cache, so that it must be uploaded by a trusted user.
 * `probe` needs it and tells from inside the build where it runs. Its output carries as many bytes back.
 * A sandbox hides the host's name, but not its boot id. The only file a build may make without `mkdir` is $out itself.
 */
export const probeText = `# Offload Tray's test build. Arguments are texts: features is a JSON list, up and back are bytes.
{ tag, system, features ? "[]", up ? "1048576", back ? "1048576" }:
let
  write = ''
    line=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-
    line=$line$line$line$line; line=$line$line$line$line
    line=$line$line$line$line; line=$line$line$line$line; line=$line$line$line$line
    fill() { left=$1; while [ "$left" -gt 0 ]; do printf %s "$line" || exit 1; left=$((left - ${pieceBytes})); done; }
  '';
  common = { inherit tag; builder = "/bin/sh"; allowSubstitutes = false; };
in
rec {
  payload = derivation (common // {
    name = "offload-payload-\${tag}";
    system = builtins.currentSystem;
    preferLocalBuild = true;
    inherit up;
    args = [ "-c" ''
      \${write}
      { echo "$tag"; fill "$up"; } > "$out"
    '' ];
  });
  probe = derivation (common // {
    name = "offload-probe-\${tag}";
    inherit system payload back;
    requiredSystemFeatures = builtins.fromJSON features;
    preferLocalBuild = false;
    args = [ "-c" ''
      echo "${marker} start $tag"
      read -r boot < /proc/sys/kernel/random/boot_id
      read -r kernel < /proc/sys/kernel/osrelease
      read -r arrived < "$payload"
      echo "${marker} payload $arrived"
      [ "$arrived" = "$tag" ] || exit 3
      \${write}
      { echo "$tag"; echo "$boot"; echo "$kernel"; fill "$back"; } > "$out"
      echo "${marker} done $tag $boot $kernel"
    '' ];
  });
}
`
