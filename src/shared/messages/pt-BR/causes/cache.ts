// Causas no cache binário, em português.
import type { CauseWordsOf } from '../../words.ts'

export const cacheCauses: CauseWordsOf<'cache'> = {
  'cache.port-closed': {
    title: 'nenhum cache atende em {host}, porta {port}',
    explain: 'A máquina responde, mas recusa a conexão com {url}: o serviço de cache está parado.',
    fix: 'Inicie o serviço de cache em {host}.',
  },
  'cache.timeout': {
    title: 'o cache de {host} não responde',
    explain:
      'Nenhuma resposta de {url} chegou a tempo. O serviço pode ter travado, um firewall pode descartar os pacotes, ou {host} pode estar desligado.',
    fix: 'Reinicie o serviço de cache em {host}; se ele estiver desligado, acorde-o.',
  },
  'cache.http-error': {
    title: 'o cache {url} responde com o erro {status}',
    explain: 'Algo atende ali, mas não entrega a descrição de um cache.',
    fix: 'Leia o journal do serviço de cache no seu desktop.',
  },
  'cache.not-a-cache': {
    title: '{url} não é um cache do Nix',
    explain:
      'Um servidor web atende ali, mas não com o que o Nix espera. Outro serviço pode ter ocupado a porta.',
    fix: 'Confira que serviço atende ali ou corrija o endereço em substituters.',
  },
  'cache.store-dir-mismatch': {
    title: 'o cache {url} é de outro store',
    explain: 'Ele serve {found}, mas este laptop usa {expected}, então nenhum dos caminhos serve.',
    fix: 'Use um cache que sirva {expected}.',
  },
  'cache.narinfo-error': {
    title: 'o cache {url} falha ao consultar caminhos (erro {status})',
    explain:
      'Ele se apresenta, mas toda consulta falha; em geral, não consegue ler a chave de assinatura. O Nix pode interromper builds por isso.',
    fix: 'Leia o journal do serviço de cache e confira a chave de assinatura que ele indica.',
  },
  'cache.unsigned': {
    title: 'o cache {url} não assina',
    explain: 'Os caminhos dele não têm assinatura, então o Nix os ignora e constrói tudo de novo.',
    fix: 'Dê ao serviço de cache uma chave de assinatura; no NixOS, services.nix-serve.secretKeyFile.',
  },
  'cache.signature-untrusted': {
    title: 'o cache {url} assina com uma chave em que este laptop não confia',
    explain:
      'A chave de assinatura se chama {name}, e trusted-public-keys não tem chave com esse nome, então o Nix ignora o cache.',
    fix: 'Inclua a chave pública de {name} em trusted-public-keys; no NixOS, em nix.settings.trusted-public-keys.',
  },
  'cache.signature-invalid': {
    title: 'o cache {url} tem uma chave nova com um nome antigo',
    explain:
      'Seu laptop confia em uma chave chamada {name}, mas a assinatura é de outra: a chave foi refeita no desktop.',
    fix: 'Troque a chave de {name} em trusted-public-keys pela nova chave pública; no NixOS, em nix.settings.trusted-public-keys.',
  },
}
