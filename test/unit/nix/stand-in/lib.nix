# A STAND-IN for the part of nixpkgs' lib that our modules use, written for these tests: nixpkgs is not here. It knows
# options, types, priorities, order and merging well enough to show what our modules come to, and nothing more.
let
  inherit (builtins)
    attrNames
    concatMap
    elem
    elemAt
    filter
    genList
    head
    isAttrs
    isBool
    isInt
    isList
    isString
    length
    listToAttrs
    map
    sort
    stringLength
    substring
    ;

  isKind = kind: value: isAttrs value && (value._type or null) == kind;
  showPath = builtins.concatStringsSep ".";
  unique = builtins.foldl' (seen: one: if elem one seen then seen else seen ++ [ one ]) [ ];

  # mkIf and mkMerge away, down to what is really defined.
  discharge =
    value:
    if isKind "if" value then
      (if value.condition then discharge value.content else [ ])
    else if isKind "merge" value then
      concatMap discharge value.contents
    else
      [ value ];

  # The same for a set that holds options: a condition goes down to each of them, for it may ask for another option.
  sets =
    value:
    if isKind "if" value then
      map (builtins.mapAttrs (
        _: content: {
          _type = "if";
          inherit (value) condition;
          inherit content;
        }
      )) (sets value.content)
    else if isKind "merge" value then
      concatMap sets value.contents
    else
      [ value ];

  # The same at an option, with priority and order.
  definitions =
    value:
    concatMap (
      one:
      if isKind "override" one then
        map (inner: inner // { inherit (one) priority; }) (definitions one.content)
      else if isKind "order" one then
        map (inner: inner // { order = one.priority; }) (definitions one.content)
      else
        [
          {
            priority = 100;
            order = 1000;
            value = one;
          }
        ]
    ) (discharge value);

  # The values of the strongest priority, in order.
  strongest =
    values:
    let
      all = concatMap definitions values;
      best = builtins.foldl' (least: one: if one.priority < least then one.priority else least) 100000 all;
    in
    map (one: one.value) (sort (a: b: a.order < b.order) (filter (one: one.priority == best) all));

  mergeOption =
    path: option: values:
    let
      chosen = strongest values;
    in
    if chosen != [ ] then
      option.type.merge path chosen
    else if option ? default then
      option.default
    else if option.type ? empty then
      option.type.empty path
    else
      throw "The option `${showPath path}' is used but not defined.";

  check =
    name: ok: path: value:
    if ok value then value else throw "The option `${showPath path}' is not of type ${name}.";

  scalar = name: ok: {
    inherit name;
    check = ok;
    merge =
      path: values:
      let
        first = check name ok path (head values);
      in
      if filter (one: one != first) values == [ ] then
        first
      else
        throw "The option `${showPath path}' has conflicting definitions.";
  };

  # Sets of named options, and everything else by freeform where there is one.
  mergeTree =
    path: declared: freeform: values:
    let
      flat = map (check "set" isAttrs path) (concatMap sets values);
      definedNames = unique (concatMap attrNames flat);
      declaredNames = unique (concatMap attrNames declared);
      under = name: concatMap (set: if set ? ${name} then [ set.${name} ] else [ ]) flat;
      valueOf =
        name:
        let
          here = path ++ [ name ];
          decls = concatMap (set: if set ? ${name} then [ set.${name} ] else [ ]) declared;
          options = filter (isKind "option") decls;
        in
        if decls == [ ] then
          mergeOption here { type = freeform; } (under name)
        else if options != [ ] then
          mergeOption here (head options) (under name)
        else
          mergeTree here decls null (under name);
      present = filter (name: freeform == null || elem name declaredNames || strongest (under name) != [ ]) (
        unique (declaredNames ++ definedNames)
      );
      unknown = filter (name: freeform == null && !elem name declaredNames) definedNames;
    in
    if unknown != [ ] then
      throw "The option `${showPath (path ++ [ (head unknown) ])}' does not exist."
    else
      listToAttrs (
        map (name: {
          inherit name;
          value = valueOf name;
        }) present
      );

  types = rec {
    str = scalar "string" isString;
    bool = scalar "boolean" isBool;
    int = scalar "integer" isInt;
    ints = {
      positive = scalar "positive integer" (value: isInt value && value > 0);
      unsigned = scalar "unsigned integer" (value: isInt value && value >= 0);
    };
    port = scalar "port" (value: isInt value && value >= 0 && value < 65536);
    raw = scalar "raw value" (_: true);
    enum = allowed: scalar "one of ${builtins.toJSON allowed}" (value: elem value allowed);
    lines = {
      check = isString;
      merge = path: values: builtins.concatStringsSep "\n" (map (check "string" isString path) values);
    };
    nullOr = inner: {
      check = value: value == null || inner.check value;
      merge =
        path: values:
        if filter (one: one != null) values == [ ] then null else inner.merge path (filter (one: one != null) values);
    };
    listOf = inner: {
      check = isList;
      empty = _: [ ];
      merge =
        path: values:
        map (one: inner.merge path [ one ]) (
          concatMap discharge (concatMap (check "list" isList path) values)
        );
    };
    attrsOf = inner: {
      inherit inner;
      check = isAttrs;
      empty = _: { };
      merge = path: values: mergeTree path [ ] inner values;
    };
    # `freeformType`, where there is one, is an attrsOf: what is not declared is merged by what that holds.
    submodule = module: {
      check = isAttrs;
      empty = path: mergeTree path [ module.options ] (module.freeformType.inner or null) [ ];
      merge = path: values: mergeTree path [ module.options ] (module.freeformType.inner or null) values;
    };
    anything = {
      check = _: true;
      merge =
        path: values:
        if isAttrs (head values) then
          mergeTree path [ ] anything values
        else if isList (head values) then
          builtins.concatLists values
        else
          raw.merge path values;
    };
  };

  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };
in
rec {
  isStandIn = true;
  inherit types mkOverride mkOrder;
  inherit (builtins) concatStringsSep;

  mkOption = option: option // { _type = "option"; };
  mkEnableOption =
    what:
    mkOption {
      type = types.bool;
      default = false;
      description = "Whether to enable ${what}.";
    };
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  literalExpression = text: { inherit text; };

  # config and options of the modules and of what they import together, as evalModules gives them.
  evalModules =
    {
      modules,
      pkgs,
      specialArgs ? { },
    }:
    let
      lib = import ./lib.nix;
      args = {
        inherit
          config
          lib
          options
          pkgs
          ;
      }
      // specialArgs;
      load =
        module:
        let
          value = if builtins.isAttrs module || builtins.isFunction module then module else import module;
          set = if builtins.isFunction value then value args else value;
          isLong = set ? options || set ? config;
        in
        [
          {
            options = set.options or { };
            config = if isLong then set.config or { } else removeAttrs set [ "imports" ];
          }
        ]
        ++ concatMap load (set.imports or [ ]);
      loaded = concatMap load modules;
      declared = map (one: one.options) loaded;
      options = builtins.foldl' merged { } declared;
      merged =
        a: b:
        a
        // b
        // builtins.mapAttrs (
          name: value: if isAttrs value && !(isKind "option" value) && b ? ${name} then merged value b.${name} else b.${name} or value
        ) a;
      config = mergeTree [ ] declared null (map (one: one.config) loaded);
    in
    {
      inherit config options;
    };

  all = ok: list: filter (one: !(ok one)) list == [ ];
  optional = condition: one: if condition then [ one ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  genAttrs =
    names: f:
    listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );
  take = count: list: genList (elemAt list) (if count < length list then count else length list);
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasInfix = infix: text: builtins.match ".*${escapeRegex infix}.*" text != null;
  escapeRegex = builtins.replaceStrings [ "." "[" "]" "+" "*" "?" ] [ "\\." "\\[" "\\]" "\\+" "\\*" "\\?" ];
  splitString = separator: text: filter isString (builtins.split (escapeRegex separator) text);
  mod = a: b: a - b * (a / b);
  escapeShellArg =
    text:
    if builtins.match "[[:alnum:],._+:@%/-]+" (toString text) != null then
      toString text
    else
      "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] (toString text)}'";
}
