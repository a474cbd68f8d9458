// Causas no laptop, em português. Um título soa bem depois de "Os builds rodam neste laptop: ".
import type { CauseWordsOf } from '../../words.ts'

export const laptopCauses: CauseWordsOf<'laptop'> = {
  'laptop.nix-missing': {
    title: 'o Nix não foi encontrado neste laptop',
    explain: 'O comando nix não está no seu PATH, então ainda não há o que delegar.',
    fix: 'Instale o Nix ou abra este aplicativo em uma sessão em que o comando nix funcione.',
  },
  'laptop.nix-silent': {
    title: 'o Nix deste laptop não responde',
    explain:
      'Ele foi iniciado e depois não disse mais nada por {seconds} s. Um disco ou uma unidade de rede pode ter travado, ou algo mais pode estar segurando o store.',
    fix: 'Veja se ele responde em um terminal; se não responder, descubra pelo que ele espera.',
  },
  'laptop.no-builder': {
    title: 'nenhum builder está configurado',
    explain: 'O Nix não conhece nenhuma máquina para onde enviar builds, então todos rodam neste laptop.',
    fix: 'Inclua seu desktop em /etc/nix/machines (offload-repair laptop --first nix-builder@DESKTOP mostra a linha e a escreve); no NixOS, defina nix.buildMachines e nix.distributedBuilds = true.',
  },
  'laptop.machines-invalid': {
    title: 'não é possível ler a linha {line} de {file}',
    explain: 'O Nix para nessa linha ({what}), e builds podem falhar até ela ser corrigida.',
    fix: 'Corrija a linha {line} de {file}; no NixOS, corrija nix.buildMachines e faça o switch.',
  },
  'laptop.distributed-builds-off': {
    title: 'os builds distribuídos estão desligados',
    explain: 'Há um arquivo de máquinas, mas a opção builders está vazia, então o Nix não o usa.',
    fix: 'Defina builders = @/etc/nix/machines no nix.conf; no NixOS, defina nix.distributedBuilds = true e faça o switch.',
  },
  'laptop.builder-key-missing': {
    title: 'falta a chave do builder {key}',
    explain: 'É com essa chave que o Nix entra no seu desktop. Sem ela, nenhum build pode ser enviado.',
    fix: 'Crie a chave como root, ou recupere-a de um backup, e autorize a metade .pub no seu desktop.',
  },
  'laptop.builder-key-exposed': {
    title: 'outros usuários podem ler a chave do builder {key}',
    explain: 'O SSH recusa uma chave privada que outros possam ler, então o Nix não consegue entrar com ela.',
    fix: 'Deixe só o root ler a chave: modo 600.',
  },
  'laptop.builder-key-encrypted': {
    title: 'a chave do builder {key} pede uma frase secreta',
    explain: 'O Nix roda o ssh em segundo plano, onde ninguém pode digitá-la, então a chave não serve.',
    fix: 'Tire a frase secreta dessa chave ou use outra que não tenha.',
  },
  'laptop.builder-pubkey-missing': {
    title: 'falta a metade pública de {key}',
    explain:
      'A delegação pode estar funcionando. Mas só o root lê a chave privada e, sem {key}.pub, não dá para perguntar ao seu desktop se ele a aceita.',
    fix: 'Grave a metade pública ao lado da chave uma vez, como root.',
  },
  'laptop.builder-key-untestable': {
    title: 'não dá para verificar daqui uma chave do builder do tipo {what}',
    explain:
      '{key} pode estar em ordem: chaves em tokens físicos e certificados só mostram em um login de verdade se são aceitos.',
    fix: 'Faça um build de teste: ele prova a chave de verdade.',
  },
  'laptop.file-unreadable': {
    title: 'você não consegue ler {file}',
    explain:
      'Ele está fechado para o seu usuário, ou é um diretório. O Nix talvez veja mais como root, então não dá para verificar o que ele diz.',
    fix: 'Dê ao seu usuário permissão de leitura em {file}, se ele não guardar segredo; se for um diretório, coloque um arquivo no lugar.',
  },
  'laptop.file-unfit': {
    title: '{file} não é um arquivo comum',
    explain:
      'É outra coisa ({what}). O Nix, ou o ssh que ele executa, falha ao ler isso ou espera para sempre pelo fim, e os builds também.',
    fix: 'Coloque um arquivo comum no lugar de {file} ou remova-o.',
  },
  'laptop.config-invalid': {
    title: 'não é possível ler a linha {line} de {file}',
    explain:
      'Há um erro nas suas configurações deste aplicativo ({what}). Os valores padrão são usados no lugar.',
    fix: 'Corrija a linha {line} de {file}.',
  },
  'laptop.nix-conf-invalid': {
    title: 'o Nix para na linha {line} de {file}',
    explain: 'Essa linha não pode ser lida ({what}), então nem builds nem outros comandos do Nix funcionam.',
    fix: 'Corrija a linha {line} de {file}; no NixOS, corrija nix.settings ou nix.extraOptions e faça o switch.',
  },
  'laptop.ssh-config-invalid': {
    title: 'o ssh para na linha {line} de {file}',
    explain:
      'Essa linha não pode ser lida ({what}), então o ssh que o Nix executa não chega a nenhum builder.',
    fix: 'Corrija a linha {line} de {file}; no NixOS, corrija programs.ssh e faça o switch.',
  },
  'laptop.builder-unwatched': {
    title: 'não dá para acompanhar o builder {uri}',
    explain: 'O Nix pode usá-lo, mas ele não é acessado por SSH, então este aplicativo o deixa de fora.',
    fix: 'Não há o que corrigir. Para acompanhá-lo, escreva-o como ssh-ng://usuário@host.',
  },
  'laptop.builder-port-unsupported': {
    title: 'seu Nix não entende a porta em {uri}',
    explain:
      'Antes da versão 2.31, o Nix toma :{port} por parte do nome e por isso nunca chega a esse builder.',
    fix: 'Tire a porta da URI e defina Port {port} para esse host em /etc/ssh/ssh_config, ou atualize o Nix.',
  },
  'laptop.host-key-pin-missed': {
    title: 'o ssh procura a chave de host de {host} sob o nome {name}',
    explain:
      'A linha {line} de {file} tem a chave certa, mas para {host}. Com o ssh_config atual, o ssh pede a chave de {name}, não encontra nenhuma, e o Nix é barrado.',
    fix: 'Defina HostKeyAlias {host} para esse host em /etc/ssh/ssh_config; no NixOS, em programs.ssh.extraConfig.',
  },
  'laptop.builder-no-slots': {
    title: 'o builder {uri} não pode rodar nenhum job',
    explain:
      'A linha dele permite 0 jobs, então o Nix nunca o usa; se este laptop também não puder construir, os builds esperam para sempre.',
    fix: 'Escreva na quarta coluna da linha {line} de {file} quantos jobs ele pode rodar ao mesmo tempo; no NixOS, defina maxJobs.',
  },
  'laptop.no-substituter': {
    title: 'este laptop não usa o cache {url}',
    explain:
      'Seu desktop oferece um cache, mas ele não está entre os substituters, então o Nix refaz o que o desktop já tem.',
    fix: 'Inclua {url} em substituters no nix.conf; no NixOS, em nix.settings.substituters.',
  },
  'laptop.cache-key-untrusted': {
    title: 'este laptop não confia em nenhuma chave do cache {url}',
    explain:
      'Nenhuma chave pública em trusted-public-keys é desse cache, então o Nix ignora tudo o que ele oferece.',
    fix: 'Inclua a chave pública do desktop em trusted-public-keys; no NixOS, em nix.settings.trusted-public-keys.',
  },
  'laptop.no-fallback': {
    title: 'um cache fora do ar pode parar seus builds',
    explain:
      'A opção fallback está desligada: se o cache falha no meio do caminho, o Nix desiste em vez de construir por conta própria.',
    fix: 'Defina fallback = true no nix.conf; no NixOS, nix.settings.fallback = true.',
  },
  'laptop.daemon-down': {
    title: 'o daemon do Nix neste laptop não responde',
    explain: 'Todo build passa pelo daemon, então nenhum pode começar agora, nem aqui nem no seu desktop.',
    fix: 'Reinicie o nix-daemon.',
  },
  'laptop.daemon-refuses': {
    title: 'o daemon do Nix neste laptop recusa {user}',
    explain: 'O daemon está rodando, mas seu usuário não pode usá-lo, então nenhum build seu pode começar.',
    fix: 'Inclua {user} em allowed-users no nix.conf ou no grupo do socket do daemon (nix-users no Debian).',
  },
  'laptop.pkexec-missing': {
    title: 'este app não consegue virar administrador aqui',
    explain: 'Isto precisa do root, e o pkexec, que pediria a senha, não foi encontrado.',
    fix: 'Rode você mesmo os comandos mostrados, ou instale o polkit.',
  },
  'laptop.pkexec-refused': {
    title: 'a senha de administrador não foi informada',
    explain: 'Nada foi mudado: seu sistema não deixou este app virar root.',
    fix: 'Tente de novo e digite a senha, ou rode você mesmo os comandos mostrados.',
  },
  'laptop.change-failed': {
    title: 'os arquivos deste laptop não puderam ser mudados',
    explain: 'Um comando terminou com: {what}. O que tinha sido mudado antes foi desfeito.',
    fix: 'Veja os detalhes e tente de novo.',
  },
  'laptop.disk-full': {
    title: 'o disco deste laptop está cheio',
    explain: 'Não há mais espaço em /nix/store ou em /tmp, então nada pode ser construído nem baixado.',
    fix: 'Libere espaço neste laptop; nix-collect-garbage remove o que nada mais usa.',
  },
  'laptop.ssh-missing': {
    title: 'o daemon do Nix neste laptop não encontra o ssh',
    explain: 'O Nix usa o ssh para chegar ao seu desktop, mas ele não está no PATH do serviço.',
    fix: 'Instale o OpenSSH para todo o sistema ou acrescente-o ao PATH do serviço nix-daemon.',
  },
  'laptop.agent-empty': {
    title: 'nenhum agente de chaves oferece uma chave',
    explain: 'Para entrar com o agente, ele precisa estar rodando na sua sessão e ter a sua chave.',
    fix: 'Adicione sua chave com ssh-add, ou entre de outro jeito (offload-repair: --identity ou --password-stdin).',
  },
  'laptop.passphrase-wrong': {
    title: 'a frase secreta não abre {key}',
    explain: 'A chave está cifrada, e o que foi digitado não é a frase secreta dela.',
    fix: 'Digite de novo a frase secreta de {key}, ou entre de outro jeito.',
  },
  'laptop.key-invalid': {
    title: '{key} não é uma chave privada que se possa usar aqui',
    explain: 'Não contém uma chave em formato conhecido. Chaves em um token só funcionam pelo agente.',
    fix: 'Ponha lá a chave certa, ou use outro arquivo; para você mesmo entrar, o agente também serve.',
  },
  'laptop.nfs-stale': {
    title: 'o store de {host} montado em {path} não responde',
    explain:
      'Programas que tocam em {path} esperam até {host} voltar, para sempre se a montagem for hard. Os builds e o cache não precisam dela.',
    fix: 'Ligue {host} ou desfaça a montagem; um automount com as opções soft e timeo evita que outros fiquem esperando.',
  },
  'laptop.nix-failed': {
    title: 'o Nix deste laptop falhou: {what}',
    explain: 'Ele parou antes de consultar qualquer desktop.',
    fix: 'Leia o que o Nix disse e rode o build de teste de novo.',
  },
  'laptop.daemon-ended': {
    title: 'o daemon do Nix neste laptop parou no meio do build',
    explain: 'Ele foi reiniciado, como numa atualização, ou caiu. Nada indica um problema no seu desktop.',
    fix: 'Rode o build de teste de novo; se não resolver, o log do nix-daemon diz o motivo.',
  },
}
