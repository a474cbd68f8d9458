// Causas no desktop e no Nix dele, em português.
import type { CauseWordsOf } from '../../words.ts'

export const desktopCauses: CauseWordsOf<'desktop' | 'nix'> = {
  'desktop.builder-user-missing': {
    title: 'o usuário {user} não existe em {host}',
    explain: 'O Nix entra como {user}; sem esse usuário, nenhum build pode ser enviado.',
    fix: 'Crie {user} em {host} com um diretório pessoal e um shell de verdade.',
  },
  'desktop.builder-shell': {
    title: 'o usuário {user} em {host} não tem um shell utilizável',
    explain: 'O SSH inicia o Nix pelo shell de login. Com nologin ou false como shell, nada inicia.',
    fix: 'Dê a {user} um shell de verdade, como /bin/sh.',
  },
  'desktop.builder-locked': {
    title: 'o usuário {user} em {host} está bloqueado',
    explain: 'O SSH recusa uma conta bloqueada mesmo com a chave certa.',
    fix: "Desbloqueie {user} sem lhe dar uma senha: sudo usermod -p '*' {user}.",
  },
  'desktop.logins-closed': {
    title: '{host} não aceita acessos agora',
    explain: 'Ele está ligando ou desligando, ou /etc/nologin o fecha para todos menos o root.',
    fix: 'Espere {host} terminar de ligar e tente de novo. Se continuar fechado, remova /run/nologin ou /etc/nologin nele.',
  },
  'desktop.authorized-keys-missing': {
    title: 'a chave do builder não está autorizada para {user} em {host}',
    explain: 'A chave pública do seu laptop não está em nenhum dos arquivos que o SSH lê para {user}.',
    fix: 'Inclua a chave pública do seu laptop nas chaves autorizadas de {user}.',
  },
  'desktop.authorized-keys-permissions': {
    title: 'o SSH de {host} não confia nas permissões das chaves de {user}',
    explain:
      'O arquivo, sua pasta ou o diretório pessoal podem ser alterados por outros, então o SSH ignora as chaves.',
    fix: 'Tire a permissão de escrita do grupo e dos outros: .ssh em modo 700, authorized_keys em modo 600, dono {user}.',
  },
  'desktop.authorized-keys-ignored': {
    title: 'o SSH de {host} não lê o arquivo em que sua chave está',
    explain: 'A chave está lá, mas a configuração do sshd aponta outros arquivos para {user}.',
    fix: 'Ponha a chave em um arquivo que AuthorizedKeysFile indique; no NixOS, declare-a na configuração.',
  },
  'desktop.authorized-keys-declared': {
    title: 'as chaves de {user} em {host} vêm da configuração',
    explain: '{file} é feito pelo NixOS a cada switch, então uma chave só pode ser incluída na configuração.',
    fix: 'Inclua a chave em users.users.{user}.openssh.authorizedKeys.keys em {host} e faça o switch.',
  },
  'desktop.authorized-keys-elsewhere': {
    title: 'as chaves de {user} em {host} estão atrás de um link que sai da pasta pessoal',
    explain:
      'O arquivo das chaves é {file}. Quem decide isso é um link que {user} pode mudar, então nada é escrito ali como root.',
    fix: 'Em {host}, ponha um arquivo ou uma pasta de verdade no lugar do link, ou inclua a chave à mão.',
  },
  'desktop.key-restricted': {
    title: 'sua chave está em {host} com opções que podem barrar o Nix',
    explain: 'A linha dela começa com {what}, o que limita de onde ela vem ou o que pode rodar.',
    fix: 'Troque a linha por uma que comece com restrict, ou deixe-a se for de propósito.',
  },
  'desktop.pubkey-off': {
    title: 'o SSH de {host} não aceita chave nenhuma',
    explain: 'A configuração diz PubkeyAuthentication no, então o Nix não consegue entrar sozinho.',
    fix: 'Defina PubkeyAuthentication yes em {host} e recarregue o serviço SSH.',
  },
  'desktop.user-not-allowed': {
    title: 'o SSH de {host} barra {user}',
    explain: 'A opção {what} decide quem pode entrar, e {user} não está entre eles.',
    fix: 'Inclua {user} em {what} na configuração do SSH de {host} e recarregue o serviço.',
  },
  'desktop.sudo-denied': {
    title: '{user} não pode agir como root em {host}',
    explain: 'Nem o sudo nem o doas deixam {user} virar root, e o reparo precisa disso.',
    fix: 'Entre como um usuário que possa, ou como root.',
  },
  'desktop.sudo-password-wrong': {
    title: 'o sudo de {host} não aceitou a senha',
    explain: 'Ele pede a senha que {user} tem em {host}.',
    fix: 'Digite de novo a senha de {user}.',
  },
  'desktop.sudo-needs-terminal': {
    title: 'o sudo de {host} exige um terminal',
    explain: 'Ele só funciona onde há uma pessoa em um terminal (requiretty).',
    fix: 'Permita que {user} use o sudo sem terminal, ou entre como root.',
  },
  'desktop.doas-needs-terminal': {
    title: 'o doas de {host} pede uma senha, e só a aceita em um terminal',
    explain: 'Ao contrário do sudo, o doas lê a senha só de um terminal, então este app não pode repassá-la.',
    fix: 'Em {host}, permita que {user} use o doas sem senha (permit nopass em /etc/doas.conf), ou entre como root.',
  },
  'desktop.read-only': {
    title: '{file} em {host} não pode ser escrito',
    explain: 'O sistema de arquivos está somente para leitura. Nada foi mudado.',
    fix: 'Descubra por que ele está assim; depois de um erro de disco, o Linux o deixa somente para leitura.',
  },
  'desktop.disk-full': {
    title: 'não há espaço em {host} para {file}',
    explain: 'O disco está cheio. O arquivo antigo está intacto.',
    fix: 'Libere espaço em {host} e tente de novo.',
  },
  'desktop.disk-low': {
    title: 'o disco de {host} está quase cheio',
    explain: 'Só restam {free} de {total} para o store. Quando encher, envios e builds param no meio.',
    fix: 'Libere espaço em {host}: nix-collect-garbage remove o que lá ninguém mais usa.',
  },
  'desktop.survey-failed': {
    title: '{host} não respondeu como se esperava',
    explain: 'Você entrou, mas o que voltou não é o que foi pedido. O shell de login pode falar demais.',
    fix: 'Veja o que um comando por SSH mostra lá.',
  },
  'desktop.repair-failed': {
    title: 'um passo do reparo falhou em {host}',
    explain: 'Ele disse: {what}.',
    fix: 'Leia o que o passo mostrou; os anteriores valem, e rodar de novo continua dali.',
  },
  'desktop.sshd-down': {
    title: 'o serviço SSH de {host} está parado ou não inicia com o sistema',
    explain: 'Os builds viajam por SSH, então nenhum pode ser enviado enquanto ele estiver parado.',
    fix: 'Inicie o serviço SSH em {host} e habilite-o na inicialização.',
  },
  'desktop.shell-noise': {
    title: 'o shell de {user} em {host} escreve texto ao entrar',
    explain: 'O Nix fala o próprio protocolo nessa conexão, e qualquer outro texto a quebra.',
    fix: 'Tire dos arquivos de início do shell o que escreve texto, ou deixe-o só para shells interativos.',
  },
  'desktop.cache-service-missing': {
    title: '{host} não tem serviço de cache',
    explain: 'Builds podem ser enviados, mas o que {host} construiu ou baixou não pode ser buscado nele.',
    fix: 'Instale nix-serve, nix-serve-ng ou harmonia em {host} e verifique de novo: o resto é configurado daqui.',
  },
  'desktop.cache-service-down': {
    title: 'o serviço de cache de {host} está parado ou não inicia com o sistema',
    explain: 'Builds ainda podem ser enviados, mas nada pode ser buscado no cache.',
    fix: 'Inicie e habilite o serviço de cache; o journal dele diz por que parou.',
  },
  'desktop.cache-key-missing': {
    title: 'falta a chave de assinatura do cache de {host}',
    explain:
      'O cache assina com {file}. Sem ela, o serviço falha ou oferece caminhos que seu laptop não aceita.',
    fix: 'Crie um novo par de chaves e ponha a metade pública em trusted-public-keys neste laptop.',
  },
  'desktop.cache-key-permissions': {
    title: 'o cache de {host} não pode ler sua chave de assinatura',
    explain: 'As permissões de {file} barram o serviço de cache, então ele não consegue assinar.',
    fix: 'Faça do usuário do serviço de cache o dono de {file}, em modo 400.',
  },
  'desktop.cache-key-invalid': {
    title: 'a chave de assinatura do cache de {host} está danificada',
    explain: '{file} não contém uma chave válida, então toda resposta assinada falha.',
    fix: 'Recupere a chave de um backup, ou crie um novo par e confie na metade pública aqui.',
  },
  'desktop.firewall-blocks': {
    title: 'o firewall de {host} bloqueia a porta {port}',
    explain: 'O serviço está rodando, mas a porta não está aberta para o seu laptop.',
    fix: 'Abra a porta TCP {port}; no NixOS, em networking.firewall.allowedTCPPorts.',
  },
  'desktop.module-not-imported': {
    title: 'a configuração de {host} não importa o offload-server',
    explain: 'O módulo do NixOS que prepara o usuário do builder e o cache não faz parte do sistema.',
    fix: 'Importe o módulo offload-server na configuração de {host} e faça o switch.',
  },
  'desktop.module-not-enabled': {
    title: 'o offload-server não está habilitado em {host}',
    explain: 'O módulo do NixOS foi importado, mas está desligado, então não prepara nada.',
    fix: 'Defina services.offload-server.enable = true em {host} e faça o switch.',
  },
  'desktop.not-switched': {
    title: '{host} não roda o que a configuração dele diz',
    explain:
      'As opções para os builds já estão na configuração do NixOS, mas o sistema em uso foi construído antes delas.',
    fix: 'Construa o novo sistema de {host} e faça o switch.',
  },
  'desktop.nix-edit-refused': {
    title: '{file} em {host} precisa ser mudado à mão',
    explain:
      'O arquivo está escrito de um jeito que não dá para editar com segurança, então ficou como estava.',
    fix: 'Escreva as linhas mostradas no lugar indicado e verifique de novo.',
  },
  'desktop.changed-meanwhile': {
    title: '{file} em {host} mudou nesse meio-tempo',
    explain: 'Alguém salvou o arquivo depois da verificação. Essa mudança ficou, e nada foi escrito.',
    fix: 'Verifique de novo: o plano é refeito a partir do arquivo como está agora.',
  },
  'desktop.rebuild-failed': {
    title: 'não foi possível construir o novo sistema de {host}: {what}',
    explain:
      'Nada foi trocado. As mudanças na configuração foram desfeitas, e o seu próximo rebuild parte do que era antes.',
    fix: 'Veja o que o Nix diz, corrija a configuração de {host} e tente de novo.',
  },
  'desktop.switch-failed': {
    title: 'não foi possível passar {host} para o novo sistema: {what}',
    explain: 'Ele voltou ao sistema de antes, e as mudanças na configuração também foram desfeitas.',
    fix: 'Veja qual unidade falhou em {host}, corrija e tente de novo.',
  },
  'desktop.rolled-back': {
    title: '{host} voltou sozinho ao sistema antigo',
    explain:
      'Com o novo, nenhuma conexão nova deste laptop passou a tempo. Para que ninguém fique trancado do lado de fora, o sistema antigo está rodando de novo e os arquivos mudados voltaram a ser como eram.',
    fix: 'Procure na configuração de {host} o que para o sshd ou fecha a porta dele e tente de novo.',
  },
  'nix.not-found': {
    title: 'o Nix não foi encontrado em {host}',
    explain: 'O SSH entra como {user}, mas o nix-daemon não está no PATH do shell não interativo.',
    fix: 'Instale o Nix em {host}, ou inclua a pasta bin dele no PATH de {user} em um arquivo lido por shells não interativos.',
  },
  'nix.daemon-down': {
    title: 'o daemon do Nix em {host} não responde',
    explain: 'O SSH funciona, mas nada lá pode construir. Builds enviados por ssh:// falham sem alternativa.',
    fix: 'Reinicie o nix-daemon em {host}.',
  },
  'nix.not-trusted': {
    title: 'o Nix de {host} não confia em {user}',
    explain:
      'O que seu próprio laptop construiu não tem assinatura, e só um usuário confiável pode enviar isso.',
    fix: 'Inclua {user} em trusted-users em {host} e reinicie o nix-daemon; no NixOS, em nix.settings.trusted-users.',
  },
  'nix.not-allowed': {
    title: 'o Nix de {host} não deixa {user} entrar',
    explain:
      'O daemon barra {user}: por allowed-users, ou porque só um grupo pode usar o socket (nix-users no Debian). Se não for isso, foi o próprio daemon que parou, e o log dele diz o motivo.',
    fix: 'Inclua {user} em allowed-users, ou no Debian no grupo nix-users, e reinicie o nix-daemon.',
  },
  'nix.system-mismatch': {
    title: '{host} não constrói para {expected}',
    explain: 'Ele constrói para {found}. Builds para {expected} ficam neste laptop ou falham.',
    fix: 'Corrija os sistemas de {host} no arquivo de máquinas; no NixOS, em nix.buildMachines.',
  },
  'nix.feature-missing': {
    title: 'falta em {host} o recurso {what}',
    explain: 'Um build que exige {what} só vai para uma máquina cuja linha no arquivo de máquinas o cite.',
    fix: 'Inclua {what} nos recursos suportados de {host}, se ele os tiver; no NixOS, em nix.buildMachines.',
  },
  'nix.disk-full': {
    title: 'o disco de {host} está cheio',
    explain: 'Não há mais espaço em /nix/store, então envios e builds param no meio.',
    fix: 'Libere espaço em {host}; min-free no nix.conf dele evita que isso se repita.',
  },
  'nix.build-failed': {
    title: 'o build rodou em {host} e falhou',
    explain: 'A conexão funciona: foi o próprio build que terminou com um erro, que o log mostra.',
    fix: 'Resolva em {host} o que o log diz e rode o build de teste de novo.',
  },
  'nix.hung-up': {
    title: 'o Nix em {host} encerrou a conexão no meio do build',
    explain:
      'O SSH para {host} funciona. O mais provável é que o nix-daemon de lá tenha sido reiniciado, como numa atualização, tenha caído ou sido encerrado por falta de memória; com ssh-ng, uma breve queda da rede parece igual.',
    fix: 'Veja o que o log dele diz desse momento e rode o build de teste de novo.',
  },
  'nix.stalled': {
    title: 'o build em {host} parou de avançar',
    explain:
      'Faz tempo que nada chega. A máquina pode ter sido suspensa, ou a conexão pode ter ficado pela metade.',
    fix: 'Verifique o estado de {host} e comece o build de novo.',
  },
  'nix.too-slow': {
    title: 'o build não terminou a tempo',
    explain:
      'Ele foi encerrado depois de {seconds} s, enquanto ainda avançava. Nada indica um problema em {host}.',
    fix: 'Dê mais tempo com --timeout ou envie menos com --payload.',
  },
  'nix.busy': {
    title: '{host} está ocupado com outros builds',
    explain:
      'Nenhuma vaga ficou livre por {seconds} s, então o build não começou. Isso não é defeito de {host}.',
    fix: 'Comece de novo quando esses builds terminarem.',
  },
  'nix.no-answer': {
    title: 'o Nix em {host} encerrou a conexão sem dizer o motivo',
    explain:
      'Até onde se vê daqui o SSH funciona, mas nenhum Nix respondeu: ele pode não estar instalado para {user}, estar parado ou recusar {user}; ou o root deste laptop, que é quem roda o ssh do Nix, não conhece a chave de host. Com ssh-ng, o Nix não diz qual.',
    fix: 'Pergunte como root: um único ssh, que não muda nada, diz qual é. O reparo, que entra em {host}, também vê.',
  },
  'nix.built-locally': {
    title: 'o build rodou neste laptop, não em {host}',
    explain:
      'Ele deu certo, mas com o boot id deste laptop: o Nix construiu aqui mesmo, ou {host} leva de volta a este laptop, como faz o próprio nome dele ou um contêiner que roda nele.',
    fix: 'Verifique se {host} está no arquivo de máquinas e leva ao seu desktop, e se a opção builders aponta para esse arquivo.',
  },
  'nix.cancelled': {
    title: 'o build de teste em {host} foi cancelado',
    explain: 'Ele foi interrompido antes de provar qualquer coisa.',
    fix: 'Rode de novo quando quiser.',
  },
}
