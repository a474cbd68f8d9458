// Narinfos as Nix 2.8.0 wrote and signed them (nix copy --to file://…?secret-key=…), and the public key of that run.

export const recordedKey = 'cache.test-1:06FViISse99csfxEaUuT++IGQ+l5tnr8YUOzC7FfBiE='

/** Refers to nothing. */
export const recordedDep = `StorePath: /tmp/nix-Gc4JUm/store/1ykz1g3k2v8rcrglw99pblalp2l8bdk3-dep
URL: nar/1xsjkazpfgyyy38br89kz2plvdb4dkqcjl5mh0n2py3ndf0sc48j.nar.xz
Compression: xz
FileHash: sha256:1xsjkazpfgyyy38br89kz2plvdb4dkqcjl5mh0n2py3ndf0sc48j
FileSize: 128
NarHash: sha256:00kjynz8n03652qccs76ivsvark3pr3dfr6w1ba3x7bx83kcknvv
NarSize: 120
References: 
Deriver: bfnavgkfyg4vaznpf410j0m70gix7jw4-dep.drv
Sig: cache.test-1:6tyYN81YOkAb6R4LQttqDuULlVUUAOSC97zDCyY5jgvtOExhXSH2GAIRtlYXL4HGWi4/E63Ba1fX8KKT/i1hBw==
`

/** Refers to the one above and to itself. */
export const recordedTop = `StorePath: /tmp/nix-Gc4JUm/store/gsrbwr5m2fw5n5cydp3g59awv2fp8d45-top
URL: nar/01y3jq715jqmpfks0rvp4mjsj645sm56y8p02jv0zrwmlj1yz39g.nar.xz
Compression: xz
FileHash: sha256:01y3jq715jqmpfks0rvp4mjsj645sm56y8p02jv0zrwmlj1yz39g
FileSize: 216
NarHash: sha256:166vd7rwab60nc1kbdg5cwqxr45iw5hk1ggvwl7q99y0r0nf8wmp
NarSize: 232
References: 1ykz1g3k2v8rcrglw99pblalp2l8bdk3-dep gsrbwr5m2fw5n5cydp3g59awv2fp8d45-top
Deriver: vz8k9l2d6qxmwqxd4pmj831wahig95l7-top.drv
Sig: cache.test-1:bB9G2Gc5SEe74RYRZbVxQNWuXw2nPLCAgVHTU5O5za+qMSWUf8sTkkNNAiHGpb9kJeGAOArhPZfAnTEcx4bRBQ==
`

/** The store path of the second one. */
export const recordedPath = '/tmp/nix-Gc4JUm/store/gsrbwr5m2fw5n5cydp3g59awv2fp8d45-top'
