# Offload Tray for nixpkgs' Electron: the tray, and its command line tools on Node.
{
  lib,
  buildNpmPackage,
  electron,
  importNpmLock,
  libnotify,
  makeWrapper,
  nodejs,
  openssh,
  # npm's public registry; a mirror of it may be named instead, the hashes stay the same.
  registry ? import ./npm-registry.nix { inherit nodejs; },
}:

let
  manifest = lib.importJSON ../package.json;
  withAddresses = import ./lock-with-addresses.nix { inherit lib registry; };
  tools = builtins.filter (name: name != "offload-tray") (builtins.attrNames manifest.bin);
in
buildNpmPackage {
  pname = manifest.name;
  inherit (manifest) version;

  # What the build reads, and nothing else: a change to the tests or the docs does not build it anew.
  src = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../assets
      ../electron-builder.yml
      ../electron.vite.config.ts
      ../LICENSE
      # The repair brings the modules to desktops: they are part of the program.
      ./modules
      ../package-lock.json
      ../package.json
      ../src
      ../tsconfig.json
    ];
  };

  npmDeps = importNpmLock {
    package = manifest;
    packageLock = withAddresses (lib.importJSON ../package-lock.json);
  };
  inherit (importNpmLock) npmConfigHook;

  # No package's install script is needed, and Electron's own would download one.
  npmFlags = [ "--ignore-scripts" ];
  env.ELECTRON_SKIP_BINARY_DOWNLOAD = "1";

  nativeBuildInputs = [ makeWrapper ];

  postBuild = ''
    # electron-builder writes into the Electron it packs.
    cp -r ${electron.dist} electron-dist
    chmod -R u+w electron-dist
    npm exec electron-builder -- --linux dir --publish never \
      -c.electronDist=electron-dist \
      -c.electronVersion=${electron.version}
  '';

  installPhase = ''
    runHook preInstall

    # Only the archive of what was packed is installed: it runs on nixpkgs' own Electron.
    app=$out/share/offload-tray
    install -D -m 0644 -t "$app" dist/*-unpacked/resources/app.asar
    mkdir -p "$app/cli"
    cp -r out/main/. "$app/cli"
    rm "$app/cli/index.cjs"

    # --inherit-argv0: panels and window managers know the program by its own name. FORCE_IS_PACKAGED: it runs from an
    # archive, although its program is called electron.
    makeWrapper ${lib.getExe electron} $out/bin/offload-tray \
      --add-flags "$app/app.asar" \
      --set ELECTRON_FORCE_IS_PACKAGED true \
      --suffix PATH : ${
        lib.makeBinPath [
          libnotify
          openssh
        ]
      } \
      --inherit-argv0

    for tool in ${toString tools}; do
      makeWrapper ${lib.getExe nodejs} $out/bin/$tool \
        --add-flags "$app/cli/$tool.cjs" \
        --suffix PATH : ${lib.makeBinPath [ openssh ]}
    done

    install -D -m 0644 -t $out/share/applications assets/*.desktop
    install -D -m 0644 assets/app/icon.svg $out/share/icons/hicolor/scalable/apps/offload-tray.svg
    for size in assets/app/png/*.png; do
      name=$(basename "$size" .png)
      install -D -m 0644 "$size" "$out/share/icons/hicolor/$name/apps/offload-tray.png"
    done

    runHook postInstall
  '';

  # The tools start, say their help, and know that there is no builder here.
  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    for tool in ${toString tools}; do
      HOME=$TMPDIR $out/bin/$tool --help > /dev/null
    done
    test -s $out/share/offload-tray/app.asar
    runHook postInstallCheck
  '';

  meta = {
    inherit (manifest) description;
    license = lib.licenses.mit;
    mainProgram = "offload-tray";
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
    ];
  };
}
