# The address of npm's public registry, as npm itself has it: read from the npm that Node brings, so that this tree names none.
{ nodejs }:
let
  definitions = "${nodejs}/lib/node_modules/npm/node_modules/@npmcli/config/lib/definitions/definitions.js";
  # default: 'https://…/',
  parts = builtins.split "default: '(https://registry[^']*[^'/])/?'" (builtins.readFile definitions);
in
if builtins.length parts < 2 then
  throw "npm's own default registry was not found in ${definitions}: give `registry`"
else
  builtins.elemAt (builtins.elemAt parts 1) 0
