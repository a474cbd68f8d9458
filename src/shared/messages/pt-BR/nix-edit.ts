// Por que um arquivo do NixOS ficou como está, e que as linhas a escrever são mostradas.
import type { nixEdit as english } from '../en/nix-edit.ts'

export const nixEdit: typeof english = {
  refusals: {
    unreadable: 'Este arquivo não pôde ser lido como Nix e por isso ficou como está.',
    'no-systems':
      'Não há nixosConfigurations neste arquivo. Acrescente o módulo onde seus sistemas são criados.',
    'host-not-found': 'Este flake não tem o sistema procurado. Ele tem: {hosts}. Indique o sistema certo.',
    several: '{what} está definido mais de uma vez; você decide qual deles mudar.',
    'own-function':
      'Uma função sua cria este sistema. Acrescente o módulo onde essa função lista os módulos.',
    'no-list': '{what} não é uma lista simples aqui. Acrescente a linha onde a lista é criada.',
    'no-set': '{what} não é um conjunto simples de opções aqui. Acrescente as linhas onde ele é criado.',
    conditional: '{what} depende de uma condição aqui. Mude à mão, para que a condição continue sendo sua.',
    'not-plain': '{what} é calculado ou forçado aqui. Mude à mão.',
    unsure: 'Não foi possível fazer a mudança com segurança, e o arquivo ficou como está.',
  },
  place: 'Linha {line}: {text}',
}
