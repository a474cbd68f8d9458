# A laptop and a desktop as virtual machines: a real build runs on the desktop, and offload-status says so.
# `nix flake check`, or `nix build .#checks.x86_64-linux.offload`. Needs nixpkgs and /dev/kvm.
{ modules, offload-tray }:
{ hostPkgs, lib, ... }:
let
  # nixpkgs' keys for tests, known to everybody.
  inherit (import "${hostPkgs.path}/nixos/tests/ssh-keys.nix" hostPkgs)
    snakeOilEd25519PrivateKey
    snakeOilEd25519PublicKey
    snakeOilPrivateKey
    snakeOilPublicKey
    ;
in
{
  name = "offload";

  nodes.desktop = {
    imports = [ modules.offload-server ];

    services.offload-server = {
      enable = true;
      authorizedKeys = [ snakeOilPublicKey ];
      minFree = null;
      maxFree = null;
    };

    # A host key known beforehand, so that the laptop can pin it.
    environment.etc."ssh/test_host_key" = {
      mode = "0600";
      source = snakeOilEd25519PrivateKey;
    };
    services.openssh.hostKeys = [
      {
        type = "ed25519";
        path = "/etc/ssh/test_host_key";
      }
    ];
    nix.settings.substituters = lib.mkForce [ ];
    virtualisation.writableStore = true;
  };

  nodes.laptop = {
    imports = [ modules.offload-client ];

    services.offload-client = {
      enable = true;
      host = "desktop";
      publicHostKey = snakeOilEd25519PublicKey;
      generateKey = false;
      supportedFeatures = [ "big-parallel" ];
    };

    environment.etc."nix/builder_key" = {
      mode = "0600";
      source = snakeOilPrivateKey;
    };
    environment.etc."nix/builder_key.pub".text = snakeOilPublicKey;
    environment.systemPackages = [ offload-tray ];

    # The cache's key is made by the desktop at its first start, so the laptop learns it while the test runs.
    nix.extraOptions = "!include /etc/nix/test-cache.conf";
    nix.settings.substituters = lib.mkForce [ ];
    virtualisation.writableStore = true;

    users.users.ana = {
      isNormalUser = true;
    };
  };

  testScript = ''
    import json

    start_all()

    with subtest("the desktop makes its signing key once, and serves"):
        desktop.wait_for_unit("offload-cache-key.service")
        desktop.wait_for_unit("nix-serve.service")
        desktop.wait_for_unit("sshd.service")
        desktop.wait_for_open_port(5000)
        assert desktop.succeed("stat -c '%a %U' /var/cache-priv-key.pem").strip() == "400 root"
        public = desktop.succeed("cat /var/cache-pub-key.pem").strip()
        assert public.startswith("cache.local-1:"), public
        before = desktop.succeed("sha256sum /var/cache-priv-key.pem")
        desktop.succeed("systemctl restart offload-cache-key.service nix-serve.service")
        assert desktop.succeed("sha256sum /var/cache-priv-key.pem") == before
        desktop.wait_for_open_port(5000)

    with subtest("the laptop knows the cache and its key"):
        laptop.wait_for_unit("multi-user.target")
        laptop.succeed(
            "printf 'extra-substituters = http://desktop:5000\\nextra-trusted-public-keys = %s\\n' "
            f"'{public}' > /etc/nix/test-cache.conf",
            "systemctl restart nix-daemon.service",
        )
        laptop.succeed("curl --fail --max-time 5 http://desktop:5000/nix-cache-info")

    with subtest("a build of an ordinary user runs on the desktop"):
        lines = laptop.succeed("su - ana -c 'offload-test-build --json'").strip().splitlines()
        result = json.loads(lines[-1])
        assert result["ok"], result
        there = desktop.succeed("cat /proc/sys/kernel/random/boot_id").strip()
        assert result["remote"]["bootId"] == there, result

    with subtest("and offload-status says ready"):
        status = json.loads(laptop.succeed("su - ana -c 'offload-status --json'"))
        assert status["overall"] == "ready", status

    with subtest("the builder gets neither a terminal nor a forwarding"):
        laptop.fail("ssh -i /etc/nix/builder_key -o BatchMode=yes -W localhost:5000 nix-builder@desktop < /dev/null")

    with subtest("a dead desktop is seen, and builds go on here"):
        desktop.crash()
        code, out = laptop.execute("su - ana -c 'offload-status --json'")
        assert code == 3, (code, out)
        assert json.loads(out)["overall"] == "local", out
        laptop.succeed(
            "su - ana -c \"timeout 90 nix-build --no-out-link -E 'derivation { name = \\\"here\\\"; "
            "system = builtins.currentSystem; builder = \\\"/bin/sh\\\"; args = [ \\\"-c\\\" \\\"echo > $out\\\" ]; }'\""
        )
  '';
}
