// What to write into a NixOS desktop's configuration, where a file there would be made anew at the next switch.

/** The key, declared. */
export function declaredKey(user: string, publicKeyLine: string): string {
  return `users.users.${nixName(user)}.openssh.authorizedKeys.keys = [\n  ${nixString(`restrict ${publicKeyLine.trim()}`)}\n];\n`
}

/** The whole builder user, declared. */
export function declaredUser(user: string, publicKeyLine: string): string {
  const name = nixName(user)
  return `users.groups.${name} = { };
users.users.${name} = {
  isSystemUser = true;
  group = ${nixString(user)};
  home = ${nixString(`/var/lib/${user}`)};
  createHome = true;
  useDefaultShell = true;
  openssh.authorizedKeys.keys = [
    ${nixString(`restrict ${publicKeyLine.trim()}`)}
  ];
};
nix.settings.trusted-users = [ ${nixString(user)} ];
`
}

function nixName(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : nixString(name)
}

function nixString(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('${', '\\${')}"`
}
