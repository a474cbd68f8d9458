// Why a NixOS file was left as it is, and that the lines to write are shown.
import type { NixRefusal } from '../../nix-edit.ts'

const refusals: Readonly<Record<NixRefusal, string>> = {
  unreadable: 'This file cannot be read as Nix, so it was left as it is.',
  'no-systems': 'No nixosConfigurations stand in this file. Add the module where your systems are made.',
  'host-not-found':
    'This flake does not have the one system that was looked for. It has: {hosts}. Name the right one.',
  several: '{what} is defined more than once, so it is yours to say which one to change.',
  'own-function':
    'A function of your own makes this system. Add the module where that function lists modules.',
  'no-list': '{what} is not a plain list here. Add the line where the list is made.',
  'no-set': '{what} is not a plain set of options here. Add the lines where it is made.',
  conditional: '{what} depends on a condition here. Change it by hand, so that the condition stays yours.',
  'not-plain': '{what} is computed or forced here. Change it by hand.',
  unsure: 'The change could not be made safely, so the file was left as it is.',
}

export const nixEdit = {
  refusals,
  place: 'Line {line}: {text}',
}
